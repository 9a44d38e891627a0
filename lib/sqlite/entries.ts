import type { EntryFilter, EntrySummary, LakeStatus } from "../lake/lake.ts";
import { parseJson, quote } from "../tahoe/json.ts";
import type { Fields } from "../tahoe/value.ts";
import type { Prepare } from "./sqlite.ts";

/** What an entry is at the time `:now`. */
const STATE = `
  CASE
    WHEN state IS NOT NULL THEN state
    WHEN owner IS NOT NULL AND free_at > :now THEN 'CLAIMED'
    WHEN attempts = 0 THEN 'WAITING'
    ELSE 'DELAYED'
  END`;

const CHOSEN = `
  collection = :lake
  AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
  AND (:events IS NULL OR events = :events)
  AND (:typetag IS NULL OR typetag = :typetag)
  AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))`;

function chosen(lake: number, { states, events, typetag, ids }: EntryFilter) {
  return {
    lake,
    states: states === undefined ? null : JSON.stringify(states),
    events: events ?? null,
    typetag: typetag === undefined ? null : quote(typetag),
    ids: ids === undefined ? null : JSON.stringify(ids.filter(isId).map(Number)),
  };
}

/** Ids are SQLite's, in decimal; what is none is nobody's id. */
function isId(text: string): boolean {
  return /^[1-9][0-9]{0,15}$/.test(text);
}

export function reopenEntries(prepare: Prepare, lake: number, filter: EntryFilter): number {
  const { changes } = prepare(
    `UPDATE entries SET state = NULL, attempts = 0, free_at = 0, bad_data = 0,
       events = NULL, reason = NULL, reason_attempt = NULL
     WHERE state IS NOT NULL AND ${CHOSEN}`,
  ).run(chosen(lake, filter));
  return Number(changes);
}

export function listEntries(
  prepare: Prepare,
  lake: number,
  filter: EntryFilter,
  limit: number,
  now: number,
): EntrySummary[] {
  const rows = prepare(
    `SELECT id, ${STATE} AS shown, upload, attempts, events, reason, refs,
       (SELECT length(bytes) FROM files WHERE entry = id) AS size
     FROM entries WHERE ${CHOSEN} ORDER BY timestamp DESC, id DESC LIMIT :limit`,
  ).all({ ...chosen(lake, filter), limit, now });
  return rows.map(toSummary);
}

function toSummary(row: Record<string, unknown>): EntrySummary {
  const { name, typetag, orgid, timestamp } = parseJson(String(row["upload"])) as Fields;
  return {
    id: String(row["id"]),
    state: row["shown"] as EntrySummary["state"],
    name: String(name),
    typetag: String(typetag),
    orgid: String(orgid),
    timestamp: Number(timestamp),
    size: row["size"] === null ? null : Number(row["size"]),
    attempts: Number(row["attempts"]),
    reason: row["reason"] === null ? null : String(parseJson(String(row["reason"]))),
    refs: parseJson(String(row["refs"])) as readonly string[],
    ...row["events"] === "rejected" && { events: "rejected" },
  };
}

export function readStatus(prepare: Prepare, lake: number, now: number): LakeStatus {
  const counts = { WAITING: 0, CLAIMED: 0, DELAYED: 0, SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0 };
  for (const { state, count } of countStates(prepare, lake, now)) counts[state] = count;
  const open = prepare(
    `SELECT min(timestamp) AS oldest, max(attempts) AS attempts
     FROM entries WHERE collection = ? AND state IS NULL`,
  ).get(lake);
  const rejected = prepare(
    "SELECT count(*) AS count FROM entries WHERE collection = ? AND events = 'rejected'",
  ).get(lake);
  return {
    counts,
    rejectedEvents: Number(rejected?.["count"]),
    oldestWaiting: (open?.["oldest"] ?? null) as number | null,
    maxAttempts: Number(open?.["attempts"] ?? 0),
    leases: readLeases(prepare, lake, now),
  };
}

function countStates(prepare: Prepare, lake: number, now: number) {
  // Two counts, so that finished entries, which may be millions, are counted in the index alone.
  const finished = prepare(
    `SELECT state, count(*) AS count FROM entries INDEXED BY entries_by_time
     WHERE collection = ? AND state IS NOT NULL GROUP BY state`,
  ).all(lake);
  const open = prepare(
    `SELECT ${STATE} AS state, count(*) AS count FROM entries
     WHERE collection = :lake AND state IS NULL GROUP BY 1`,
  ).all({ lake, now });
  return [...finished, ...open].map((row) => ({
    state: row["state"] as EntrySummary["state"],
    count: Number(row["count"]),
  }));
}

function readLeases(prepare: Prepare, lake: number, now: number): LakeStatus["leases"] {
  const rows = prepare(
    `SELECT owner, count(*) AS entries, min(free_at) AS until FROM entries
     WHERE collection = ? AND state IS NULL AND owner IS NOT NULL AND free_at > ?
     GROUP BY owner ORDER BY until`,
  ).all(lake, now);
  return rows.map((row) => ({
    owner: String(row["owner"]),
    entries: Number(row["entries"]),
    until: Number(row["until"]),
  }));
}
