import { attribute } from "../tahoe/attribute.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import { parseJson, quote } from "../tahoe/json.ts";
import type { QueryClaim, QueryClaimOptions, QueryOutcome } from "../tdql/inbox.ts";
import { endParts } from "../tdql/tdql.ts";
import { insertDocument } from "./documents.ts";
import { keyOf } from "./key.ts";
import { changeQuery, writeQuery } from "./queries.ts";
import type { Prepare } from "./sqlite.ts";

type Row = Record<string, unknown>;

/** Stores a query of status `wait`; of one that is there nothing is left but its place. */
export function insertQuery(prepare: Prepare, inbox: number, query: TahoeObject): void {
  writeQuery(prepare, inbox, query);
  prepare(
    `INSERT INTO queries (collection, hash, status, asked_at) VALUES (?, ?, 'wait', ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, asked_at = excluded.asked_at,
       attempts = 0, owner = NULL, free_at = 0, reason = NULL, reason_attempt = NULL`,
  ).run(inbox, keyOf(query._hash), Number(query.data["timestamp"]?.[0]));
}

/**
 * One statement, so that no other process can come between choosing and claiming. The oldest query
 * decides: if its last attempt ended without a word it comes alone, else none that did comes.
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
  prepare: Prepare,
  inbox: number,
  { owner, limit, lease, now }: QueryClaimOptions,
): QueryClaim[] {
  if (limit < 1) return [];
  const rows = prepare(CLAIM).all({ inbox, owner, limit, now, until: now + lease });
  const status = attribute("status", "processing");
  if (rows.length > 0) insertDocument(prepare, inbox, status);
  return rows.toSorted(byAge).map((row) => {
    const query = changeQuery(prepare, inbox, row["hash"] as Uint8Array, [status]);
    return {
      id: query._hash,
      owner,
      attempts: Number(row["attempts"]),
      ...row["reason"] === null ? {} : { reason: parseJson(String(row["reason"])) as string },
      query,
    };
  });
}

// RETURNING promises no order.
function byAge(a: Row, b: Row): number {
  return Number(a["asked_at"]) - Number(b["asked_at"]) || Number(a["id"]) - Number(b["id"]);
}

/** Holds of the query as long as nobody else claimed, ended or asked it. */
const STILL_OWN = `
  collection = :inbox AND hash = :hash AND status = 'processing' AND owner = :owner
  AND attempts = :attempts`;

function fence(inbox: number, { id, owner, attempts }: QueryClaim) {
  return { inbox, hash: keyOf(id), owner, attempts };
}

/** False if the lease is the claim's no more. */
export function renewQuery(
  prepare: Prepare,
  inbox: number,
  claim: QueryClaim,
  until: number,
): boolean {
  const { changes } = prepare(`UPDATE queries SET free_at = :until WHERE ${STILL_OWN}`)
    .run({ ...fence(inbox, claim), until });
  return Number(changes) === 1;
}

/** Nothing is written if the lease is the claim's no more. */
export function giveBackQuery(
  prepare: Prepare,
  inbox: number,
  claim: QueryClaim,
  { reason, notBefore }: { reason: string; notBefore: number },
): void {
  prepare(
    `UPDATE queries
     SET owner = NULL, free_at = :notBefore, reason = :reason, reason_attempt = attempts
     WHERE ${STILL_OWN}`,
  ).run({ ...fence(inbox, claim), notBefore, reason: quote(reason) });
}

/** The query as it now is; nothing, and nothing is written, if the lease is the claim's no more. */
export function finishQuery(
  prepare: Prepare,
  inbox: number,
  claim: QueryClaim,
  end: QueryOutcome,
): TahoeObject | undefined {
  const { changes } = prepare(
    `UPDATE queries SET status = :status, owner = NULL, reason = NULL, reason_attempt = NULL
     WHERE ${STILL_OWN}`,
  ).run({ ...fence(inbox, claim), status: end.status });
  if (Number(changes) === 0) return undefined;
  return changeQuery(prepare, inbox, keyOf(claim.id), endParts(end));
}
