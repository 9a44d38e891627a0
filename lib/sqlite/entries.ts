import type { EntryFilter, EntrySummary, LakeStatus } from "../lake/lake.ts";
import { LISTED_OWNERS } from "../lease_owners.ts";
import { quote } from "../tahoe/json.ts";
import { scalarText, type Value } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { readUpload } from "./entry_row.ts";
import {
  boundedColumn,
  countColumn,
  END_OF_TIME,
  jsonColumn,
  OWNER_COLUMN,
  readJsonColumn,
} from "./json_column.ts";
import type { Row } from "./sqlite.ts";

/** The state of a finished entry. One that is none of ours is an ERROR. */
export const FINAL_STATE =
  "CASE WHEN state IN ('SUCCESS', 'NOT_SUPPORTED') THEN state ELSE 'ERROR' END";

/** The state of an entry at the time `:now`. */
const STATE = `
  CASE
    WHEN state IS NOT NULL THEN ${FINAL_STATE}
    WHEN owner IS NOT NULL AND free_at > :now THEN 'CLAIMED'
    WHEN attempts = 0 THEN 'WAITING'
    ELSE 'DELAYED'
  END`;

const UPLOAD = `(${jsonColumn("upload")})`;
const REFS = `(${jsonColumn("entries.refs")})`;

/** Condition for the entries that a filter selects. None is stuck: a row takes any new state. */
export const IS_SELECTED = `
  collection = :lake
  AND :stuck IS NULL
  AND (:states IS NULL OR state IS NOT NULL AND
    ${FINAL_STATE} IN (SELECT value FROM json_each(:states)))
  AND (:events IS NULL OR events = :events)
  AND (:typetags IS NULL OR typetag IN (SELECT value FROM json_each(:typetags)))
  AND (:ids IS NULL OR id IN (SELECT CAST(value AS INTEGER) FROM json_each(:ids)))
  AND (:orgids IS NULL OR ${UPLOAD} ->> '$.orgid' IN (SELECT value FROM json_each(:orgids)))
  AND (:since IS NULL OR timestamp >= :since)
  AND (:before IS NULL OR timestamp < :before)
  AND (
    :file IS NULL OR ${UPLOAD} ->> '$.name' = :file
    OR substr(${UPLOAD} ->> '$.name', 1, length(:file) + 1) = :file || ':'
  )
  AND (
    :refs IS NULL
    OR EXISTS (SELECT 1 FROM json_each(${REFS}) AS ref
      WHERE ref.value IN (SELECT value FROM json_each(:refs)))
  )`;

/** Parameters of {@link IS_SELECTED}. */
export function filterParameters(
  lake: number,
  { states, events, stuck, typetags, ids, ...more }: EntryFilter,
) {
  const { orgids, since, before, file, refs } = more;
  return {
    orgids: orgids === undefined ? null : JSON.stringify(orgids),
    since: since ?? null,
    before: before ?? null,
    file: file ?? null,
    refs: refs === undefined ? null : JSON.stringify(refs),
    lake,
    states: states === undefined ? null : JSON.stringify(states),
    events: events ?? null,
    stuck: stuck === true ? 1 : null,
    typetags: typetags === undefined ? null : JSON.stringify(typetags.map(quote)),
    ids: ids === undefined ? null : JSON.stringify(ids.filter(isEntryId)),
  };
}

/** Whether a string can be the id of an entry, which SQLite assigned, in decimal. */
function isEntryId(text: string): boolean {
  return /^-?[0-9]{1,19}$/.test(text);
}

/** Puts finished entries back to waiting; returns how many. */
export function reopenEntries(
  { prepare, id: lake }: OpenCollection,
  filter: EntryFilter,
): number {
  const { changes } = prepare(
    `UPDATE entries SET state = NULL, attempts = 0, free_at = 0, bad_data = 0,
       events = NULL, reason = NULL, reason_attempt = NULL
     WHERE state IS NOT NULL AND ${IS_SELECTED}`,
  ).run(filterParameters(lake, filter));
  return Number(changes);
}

/** Takes entries out of the quarantine whose events were made: see CacheLake.noteEventsMade. */
export function clearRejected(
  { prepare, id: lake }: OpenCollection,
  refs: readonly string[],
): number {
  const { changes } = prepare(
    `UPDATE entries SET events = NULL, reason = NULL
     WHERE state = 'SUCCESS' AND events = 'rejected' AND ${IS_SELECTED}`,
  ).run(filterParameters(lake, { refs }));
  return Number(changes);
}

export function listEntries(
  { prepare, id: lake }: OpenCollection,
  { filter, limit, skip, now }: { filter: EntryFilter; limit: number; skip: number; now: number },
): EntrySummary[] {
  const rows = prepare(
    `SELECT CAST(id AS TEXT) AS id, ${STATE} AS current_state, events,
       ${boundedColumn("upload")} AS upload, ${boundedColumn("reason")} AS reason,
       ${boundedColumn("entries.refs")} AS refs,
       ${countColumn("attempts")} AS attempts,
       (SELECT length(bytes) FROM files WHERE entry = id) AS size
     FROM entries WHERE ${IS_SELECTED} ORDER BY timestamp DESC, entries.id DESC
     LIMIT :limit OFFSET :skip`,
  ).all({ ...filterParameters(lake, filter), limit, skip, now });
  return rows.map(toSummary);
}

function toSummary(row: Row): EntrySummary {
  const { name, typetag, orgid, timestamp } = readUpload(row) as {
    readonly [name: string]: Value | undefined;
  };
  const reason = readJsonColumn(row, "reason");
  const refs = readJsonColumn(row, "refs");
  return {
    id: String(row["id"]),
    state: row["current_state"] as EntrySummary["state"],
    name: scalarText(name),
    typetag: scalarText(typetag),
    orgid: scalarText(orgid),
    timestamp: typeof timestamp === "number" || typeof timestamp === "bigint"
      ? Number(timestamp)
      : null,
    size: row["size"] === null ? null : Number(row["size"]),
    attempts: Number(row["attempts"]),
    reason: typeof reason === "string" ? reason : null,
    refs: Array.isArray(refs) ? refs.filter((ref) => typeof ref === "string") : [],
    ...(row["events"] === "rejected" && { events: "rejected" }),
  };
}

/** Computes what {@link CacheLake.status} returns. */
export function readLakeStatus(collection: OpenCollection, now: number): LakeStatus {
  const counts = { WAITING: 0, CLAIMED: 0, DELAYED: 0, SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0 };
  for (const { state, count } of countStates(collection, now)) counts[state] = count;
  const { prepare, id: lake } = collection;
  const unfinished = prepare(
    `SELECT min(CASE WHEN abs(timestamp) < 9e999 THEN timestamp END) AS oldest,
       max(${countColumn("attempts")}) AS attempts
     FROM entries WHERE collection = ? AND state IS NULL`,
  ).get(lake);
  const rejected = prepare(
    "SELECT count(*) AS count FROM entries WHERE collection = ? AND events = 'rejected'",
  ).get(lake);
  return {
    counts,
    rejectedEvents: Number(rejected?.["count"]),
    oldestWaiting: (unfinished?.["oldest"] ?? null) as number | null,
    maxAttempts: Number(unfinished?.["attempts"] ?? 0),
    ...readLeases(collection, now),
  };
}

function countStates({ prepare, id: lake }: OpenCollection, now: number) {
  // Two queries, so that finished entries, which may be millions, are counted in the index alone.
  const finished = prepare(
    `SELECT ${FINAL_STATE} AS state, count(*) AS count FROM entries INDEXED BY entries_by_time
     WHERE collection = ? AND state IS NOT NULL GROUP BY 1`,
  ).all(lake);
  const unfinished = prepare(
    `SELECT ${STATE} AS state, count(*) AS count FROM entries
     WHERE collection = :lake AND state IS NULL GROUP BY 1`,
  ).all({ lake, now });
  return [...finished, ...unfinished].map((row) => ({
    state: row["state"] as EntrySummary["state"],
    count: Number(row["count"]),
  }));
}

function readLeases(
  { prepare, id: lake }: OpenCollection,
  now: number,
): Pick<LakeStatus, "leases" | "leaseOwners"> {
  const rows = prepare(
    `SELECT ${OWNER_COLUMN} AS owner, count(*) AS entries, min(free_at) AS until,
       count(*) OVER () AS owners
     FROM entries
     WHERE collection = ? AND state IS NULL AND owner IS NOT NULL
       AND free_at > ? AND free_at < ${END_OF_TIME}
     GROUP BY 1 ORDER BY entries DESC, until LIMIT ${LISTED_OWNERS}`,
  ).all(lake, now);
  const leases = rows.map((row) => ({
    owner: String(row["owner"]),
    entries: Number(row["entries"]),
    until: Number(row["until"]),
  }));
  return { leases, leaseOwners: Number(rows[0]?.["owners"] ?? 0) };
}
