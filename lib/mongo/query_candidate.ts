import type { Document } from "mongodb";
import { Fault, fieldFault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type { QueryClaim } from "../tdql/inbox.ts";
import { readQueryDocument } from "../tdql/query_document.ts";
import { findRepeatedName, fromBson, readId } from "./bson.ts";
import { entryId } from "./entry.ts";
import { readLease } from "./lease.ts";
import { PROCESSING_QUERY, toQuery } from "./query.ts";

/** A query that may be claimed. */
export type QueryCandidate = {
  readonly _id: unknown;
  readonly hash: Hash;
  /** Why its last attempt failed, if the worker lived to say so. */
  readonly reason: string | undefined;
  /** Whether its last attempt ended without a word: it may be what killed the worker. */
  readonly suspect: boolean;
  /** What is wrong with its document, so that it can only fail. */
  readonly fault?: Fault;
};

/** A query to which no report can be tied, and why. Only its `_id` is left to name it by. */
export type FaultyQuery = {
  readonly _id: unknown;
  readonly id: string;
  readonly reason: string;
  /** Whether nothing may be written to it: an update with a pipeline makes MongoDB 6.0 abort. */
  readonly untouchable?: true;
};

/** Fields of a document that {@link readCandidate} does not need, and which may be large. */
export const NO_CANDIDATE_FIELDS = { "data.qdata": 0 } as const;

/** Reads a query that may be claimed, whatever its document contains. */
export function readCandidate(bytes: Uint8Array | Document): QueryCandidate | FaultyQuery {
  const fields = fromBson(bytes);
  const _id = readId(bytes);
  const repeated = findRepeatedName(bytes);
  if (repeated !== undefined) {
    const reason = `the field ${repeated} is there more than once`;
    return { _id, id: entryId(fields["_id"]), reason, untouchable: true };
  }
  const document = readQueryDocument(fields);
  if (document instanceof Fault || _id === undefined) {
    const { reason } = document instanceof Fault ? document : fieldFault("_id", null, "readable");
    return { _id, id: entryId(fields["_id"]), reason };
  }
  const { _cref, claim } = fields;
  const lease = readLease(claim);
  const fault = lease instanceof Fault ? lease : document.fault;
  const { attempts, reason } = lease instanceof Fault ? { attempts: 0 } : lease;
  const wasClaimed = Array.isArray(_cref) && _cref.includes(PROCESSING_QUERY._cref) && attempts > 0;
  return {
    _id,
    hash: document.hash,
    reason: wasClaimed ? reason : undefined,
    suspect: wasClaimed && reason === undefined,
    ...(fault !== undefined && { fault }),
  };
}

/**
 * The claim of a document after `claimUpdate`. The update removes the reason of the attempt
 * before, which therefore comes from its candidate, and so does what was wrong.
 */
export function toQueryClaim(
  fields: Fields,
  { owner, candidates }: { owner: string; candidates: readonly QueryCandidate[] },
): QueryClaim {
  const query = toQuery(fields);
  const lease = readLease(fields["claim"]);
  const attempts = lease instanceof Fault ? 0 : lease.attempts;
  const candidate = candidates.find(({ hash }) => hash === query._hash);
  const { reason, fault } = candidate ?? {};
  return {
    id: query._hash,
    owner,
    attempts,
    ...(attempts > 1 && reason !== undefined && { reason }),
    query,
    ...(fault !== undefined && { fault }),
  };
}
