import type { Claim, ClaimOptions, Outcome, Upload } from "../lake/lake.ts";
import { parseJson, quote, writeJson } from "../tahoe/json.ts";
import type { Fields } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import type { Row } from "./sqlite.ts";

/** Puts a file and its entry into the lake; returns the entry's id. */
export function insertEntry({ prepare, id: lake }: OpenCollection, upload: Upload): string {
  const { bytes, timestamp, name, orgid, timezone, typetag } = upload;
  const fields = writeJson({ timestamp, name, orgid, timezone, typetag });
  const { lastInsertRowid: id } = prepare(
    "INSERT INTO entries (collection, timestamp, typetag, upload, size) VALUES (?, ?, ?, ?, ?)",
  ).run(lake, timestamp, quote(typetag), fields, bytes.length);
  prepare("INSERT INTO files (entry, bytes) VALUES (?, ?)").run(id, bytes);
  return String(id);
}

/**
 * Selects and claims in one statement, so that no other process can come between. The oldest entry
 * decides: if it was claimed before, it is claimed alone; otherwise only entries that never were.
 */
const CLAIM = `
  WITH
    free AS (
      SELECT id, timestamp, attempts FROM entries INDEXED BY entries_open
      WHERE collection = :lake AND state IS NULL AND free_at <= :now
    ),
    oldest AS MATERIALIZED (SELECT id, attempts FROM free ORDER BY timestamp, id LIMIT 1),
    new AS MATERIALIZED (
      SELECT id FROM free
      WHERE attempts = 0 AND (SELECT attempts FROM oldest) = 0
      ORDER BY timestamp, id LIMIT :limit
    )
  UPDATE entries SET owner = :owner, attempts = attempts + 1, free_at = :until
  WHERE id IN (SELECT id FROM new UNION ALL SELECT id FROM oldest WHERE attempts > 0)
  RETURNING id, timestamp, attempts, upload, refs,
    CASE WHEN reason_attempt = attempts - 1 THEN reason END AS reason`;

export function claimEntries(
  { prepare, id: lake }: OpenCollection,
  { owner, limit, lease, now }: ClaimOptions,
): Claim[] {
  const rows = prepare(CLAIM).all({ lake, owner, limit, now, until: now + lease });
  return rows.toSorted(compareAge).map((row) => toClaim(row, owner));
}

// RETURNING promises no order.
function compareAge(a: Row, b: Row): number {
  return Number(a["timestamp"]) - Number(b["timestamp"]) || Number(a["id"]) - Number(b["id"]);
}

function toClaim(row: Row, owner: string): Claim {
  const refs = parseJson(String(row["refs"])) as readonly string[];
  return {
    id: String(row["id"]),
    owner,
    attempts: Number(row["attempts"]),
    ...(row["reason"] !== null && { reason: parseJson(String(row["reason"])) as string }),
    entry: {
      ...parseJson(String(row["upload"])) as Fields,
      processed: false,
      ...(refs.length > 0 && { _ref: refs }),
    },
  };
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
