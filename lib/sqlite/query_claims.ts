import { attribute } from "../tahoe/attribute.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import { parseJson, quote } from "../tahoe/json.ts";
import type { QueryClaim, QueryClaimOptions, QueryOutcome } from "../tdql/inbox.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import type { OpenCollection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";
import { hashOf, keyOf } from "./key.ts";
import { changeQuery, writeQuery } from "./queries.ts";
import type { Row } from "./sqlite.ts";

/** Stores a query of status `wait`; if it is there, it is asked anew, without attempts. */
export function insertQuery(inbox: OpenCollection, query: TahoeObject): void {
  writeQuery(inbox, query);
  inbox.prepare(
    `INSERT INTO queries (collection, hash, status, asked_at) VALUES (?, ?, 'wait', ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, asked_at = excluded.asked_at,
       attempts = 0, owner = NULL, free_at = 0, reason = NULL, reason_attempt = NULL`,
  ).run(inbox.id, keyOf(query._hash), Number(query.data["timestamp"]?.[0]));
}

/**
 * Selects and claims in one statement, so that no other process can come between. The oldest query
 * decides: if its last attempt ended without a word, it is claimed alone; otherwise such queries
 * are left out.
 */
const CLAIM = `
  WITH
    free AS (
      SELECT id, asked_at, attempts > 0 AND reason_attempt IS NOT attempts AS suspect
      FROM queries INDEXED BY queries_open
      WHERE collection = :inbox AND status IN ('wait', 'processing') AND free_at <= :now
    ),
    oldest AS MATERIALIZED (SELECT id, suspect FROM free ORDER BY asked_at, id LIMIT 1),
    sound AS MATERIALIZED (
      SELECT id FROM free
      WHERE NOT suspect AND NOT (SELECT suspect FROM oldest)
      ORDER BY asked_at, id LIMIT :limit
    )
  UPDATE queries
  SET status = 'processing', owner = :owner, attempts = attempts + 1, free_at = :until
  WHERE id IN (SELECT id FROM sound UNION ALL SELECT id FROM oldest WHERE suspect)
  RETURNING id, hash, asked_at, attempts,
    CASE WHEN reason_attempt = attempts - 1 THEN reason END AS reason`;

export function claimQueries(
  collection: OpenCollection,
  { owner, limit, lease, now }: QueryClaimOptions,
): QueryClaim[] {
  if (limit < 1) return [];
  const { prepare, id: inbox } = collection;
  const rows = prepare(CLAIM).all({ inbox, owner, limit, now, until: now + lease });
  const status = attribute("status", "processing");
  if (rows.length > 0) new DocumentWriter(collection).insert(status);
  return rows.toSorted(compareAge).map((row) => {
    const query = changeQuery(collection, hashOf(row["hash"] as Uint8Array), [status]);
    return {
      id: query._hash,
      owner,
      attempts: Number(row["attempts"]),
      ...(row["reason"] !== null && { reason: parseJson(String(row["reason"])) as string }),
      query,
    };
  });
}

// RETURNING promises no order.
function compareAge(a: Row, b: Row): number {
  return Number(a["asked_at"]) - Number(b["asked_at"]) || Number(a["id"]) - Number(b["id"]);
}

/** Condition that holds until another worker claims the query, or someone finishes or asks it. */
const IS_HELD = `
  collection = :inbox AND hash = :hash AND status = 'processing' AND owner = :owner
  AND attempts = :attempts`;

/** Parameters of {@link IS_HELD}. */
function fenceParameters(inbox: number, { id, owner, attempts }: QueryClaim) {
  return { inbox, hash: keyOf(id), owner, attempts };
}

/** Returns false if the claim has lost its lease. */
export function renewQuery(
  { prepare, id: inbox }: OpenCollection,
  claim: QueryClaim,
  until: number,
): boolean {
  const { changes } = prepare(`UPDATE queries SET free_at = :until WHERE ${IS_HELD}`)
    .run({ ...fenceParameters(inbox, claim), until });
  return Number(changes) === 1;
}

/** Writes nothing if the claim has lost its lease. */
export function giveBackQuery(
  { prepare, id: inbox }: OpenCollection,
  claim: QueryClaim,
  { reason, notBefore }: { reason: string; notBefore: number },
): void {
  prepare(
    `UPDATE queries
     SET owner = NULL, free_at = :notBefore, reason = :reason, reason_attempt = attempts
     WHERE ${IS_HELD}`,
  ).run({ ...fenceParameters(inbox, claim), notBefore, reason: quote(reason) });
}

/** Returns the finished query; undefined, and writes nothing, if the claim has lost its lease. */
export function finishQuery(
  inbox: OpenCollection,
  claim: QueryClaim,
  outcome: QueryOutcome,
): TahoeObject | undefined {
  const { changes } = inbox.prepare(
    `UPDATE queries SET status = :status, owner = NULL, reason = NULL, reason_attempt = NULL
     WHERE ${IS_HELD}`,
  ).run({ ...fenceParameters(inbox.id, claim), status: outcome.status });
  if (Number(changes) === 0) return undefined;
  return changeQuery(inbox, claim.id, outcomeAttributes(outcome));
}
