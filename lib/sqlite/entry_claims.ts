import type { Claim, ClaimOptions, Outcome, SetAside, Upload } from "../lake/lake.ts";
import { Fault } from "../tahoe/fault.ts";
import { quote, writeJson } from "../tahoe/json.ts";
import type { OpenCollection } from "./collection.ts";
import { ENTRY_COLUMNS, type FaultyRow, readEntryRow } from "./entry_row.ts";
import { END_OF_TIME } from "./json_column.ts";
import { NEXT_ENTRY_ID } from "./next_id.ts";
import type { Prepare } from "./sqlite.ts";

/** Puts a file and its entry into the lake; returns the entry's id. */
export function insertEntry({ prepare, id: lake }: OpenCollection, upload: Upload): string {
  const { bytes, timestamp, name, orgid, timezone, typetag } = upload;
  const fields = writeJson({ timestamp, name, orgid, timezone, typetag });
  const { lastInsertRowid: id } = prepare(
    `INSERT INTO entries (id, collection, timestamp, typetag, upload, size)
     VALUES (${NEXT_ENTRY_ID}, ?, ?, ?, ?, ?)`,
  ).run(lake, timestamp, quote(typetag), fields, bytes.length);
  const putFile = prepare(PUT_FILE);
  putFile.run({ id, bytes });
  // A statement keeps what is bound to it in memory, until it runs with something else.
  putFile.run({ id: null, bytes: null });
  return String(id);
}

/** Puts the file of an entry; without an id, nothing. */
const PUT_FILE = "INSERT INTO files (entry, bytes) SELECT :id, :bytes WHERE :id IS NOT NULL";

/** Entries that nobody holds. Their age decides; the index gives them in its order. */
const FREE = `
  FROM entries INDEXED BY entries_open
  WHERE collection = :lake AND state IS NULL AND free_at <= :now`;

const OLDEST = `SELECT ${ENTRY_COLUMNS} ${FREE} ORDER BY timestamp, entries.id LIMIT 1`;

const OLDEST_NEW = `
  SELECT ${ENTRY_COLUMNS} ${FREE} AND entries.attempts = 0
  ORDER BY timestamp, entries.id LIMIT :limit`;

/** Entries whose lease would never end. (Texts and blobs are greater than all numbers.) */
const ENDLESS = `
  SELECT CAST(id AS TEXT) AS id FROM entries INDEXED BY entries_free
  WHERE collection = :lake AND state IS NULL AND free_at >= ${END_OF_TIME} LIMIT 1000`;

const CLAIM = `
  UPDATE entries SET owner = :owner, attempts = attempts + 1, free_at = :until
  WHERE id IN (SELECT value FROM json_each(:ids))`;

/**
 * Selects and claims, in one transaction, so that no other process can come between. The oldest
 * entry decides: if it was claimed before, it is claimed alone; otherwise only entries that never
 * were. What cannot be read on the way is set aside.
 */
export function claimEntries(
  { prepare, id: lake }: OpenCollection,
  { owner, limit, lease, now }: ClaimOptions,
): { readonly claims: readonly Claim[]; readonly setAside: readonly SetAside[] } {
  const endless = prepare(ENDLESS).all({ lake }).map(({ id }) => ({
    id: String(id),
    fault: new Fault("free_at is not a time in seconds"),
  }));
  const setAside = setEntriesAside(prepare, endless);
  while (limit > 0) {
    const [oldest] = prepare(OLDEST).all({ lake, now }).map(readEntryRow);
    if (oldest === undefined) break;
    const found = "fault" in oldest || oldest.attempts > 0
      ? [oldest]
      : prepare(OLDEST_NEW).all({ lake, now, limit }).map(readEntryRow);
    const sound = found.filter((row) => "entry" in row);
    setAside.push(...setEntriesAside(prepare, found.filter((row) => "fault" in row)));
    if (sound.length === 0) continue;
    const ids = JSON.stringify(sound.map(({ id }) => Number(id)));
    prepare(CLAIM).run({ owner, until: now + lease, ids });
    const claims = sound.map((row) => ({ ...row, owner, attempts: row.attempts + 1 }));
    return { claims, setAside };
  }
  return { claims: [], setAside };
}

/** Ends entries that cannot be claimed as ERROR. */
function setEntriesAside(prepare: Prepare, entries: readonly FaultyRow[]): SetAside[] {
  const update = prepare(
    `UPDATE entries SET state = 'ERROR', owner = NULL, attempts = 1, reason = :reason
     WHERE id = CAST(:id AS INTEGER)`,
  );
  return entries.map(({ id, fault: { reason } }) => {
    update.run({ id, reason: quote(reason) });
    return { id, reason, kept: false };
  });
}

/** Condition that holds until another worker claims the entry, or someone settles it. */
const IS_HELD = `
  id = :id AND collection = :lake AND state IS NULL AND owner = :owner AND attempts = :attempts`;

/** Parameters of {@link IS_HELD}. */
function fenceParameters(lake: number, { id, owner, attempts }: Claim) {
  return { lake, id: Number(id), owner, attempts };
}

/** Returns false if the claim has lost its lease. */
export function renewEntry(
  { prepare, id: lake }: OpenCollection,
  claim: Claim,
  until: number,
): boolean {
  const { changes } = prepare(`UPDATE entries SET free_at = :until WHERE ${IS_HELD}`)
    .run({ ...fenceParameters(lake, claim), until });
  return Number(changes) === 1;
}

/** Returns false, and writes nothing, if the claim has lost its lease. */
export function settleEntry(
  { prepare, id: lake }: OpenCollection,
  claim: Claim,
  outcome: Outcome,
): boolean {
  const { changes } = prepare(
    `UPDATE entries SET owner = NULL, ${ASSIGNMENTS[outcome.state]} WHERE ${IS_HELD}`,
  ).run({ ...fenceParameters(lake, claim), ...outcomeParameters(outcome) });
  return Number(changes) === 1;
}

const FAILURE_ASSIGNMENTS = "state = :state, reason = :reason, bad_data = :badData";

const ASSIGNMENTS: { readonly [state in Outcome["state"]]: string } = {
  SUCCESS: `
    state = 'SUCCESS', events = :events, reason = :reason, refs = CASE
      WHEN EXISTS (SELECT 1 FROM json_each(refs) WHERE value = :ref) THEN refs
      ELSE json_insert(refs, '$[#]', :ref) END`,
  NOT_SUPPORTED: FAILURE_ASSIGNMENTS,
  ERROR: FAILURE_ASSIGNMENTS,
  RETRY: "reason = :reason, reason_attempt = attempts, free_at = :notBefore",
};

/** Parameters of {@link ASSIGNMENTS}. */
function outcomeParameters(outcome: Outcome) {
  const reason = outcome.reason === undefined ? null : quote(outcome.reason);
  if (outcome.state === "SUCCESS") {
    return { ref: outcome.ref, events: outcome.events ?? null, reason };
  }
  if (outcome.state === "RETRY") return { reason, notBefore: outcome.notBefore };
  return { state: outcome.state, reason, badData: outcome.badData === true ? 1 : 0 };
}
