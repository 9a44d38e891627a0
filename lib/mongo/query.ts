import { type Document, Double, type ObjectId } from "mongodb";
import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { Fault } from "../tahoe/fault.ts";
import { type Fields, isScalar } from "../tahoe/value.ts";
import type { QueryClaim, QueryOutcome } from "../tdql/inbox.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import { toBsonValue } from "./bson.ts";
import { readLease } from "./lease.ts";
import { arrayOrEmpty } from "./expressions.ts";

/**
 * Documents of queries in the report collection. The API creates them; when a query is asked again,
 * it writes all fields back as it once read them. Our own field is `claim`: `{owner, until,
 * attempts, reason, token}`, which is removed when the query has ended. The `claim` of a waiting
 * query is one that the API wrote back, and means nothing.
 */

const STATUSES = ["invalid", "wait", "processing", "ready", "failed"] as const;

/** Hashes of the attributes `status=wait` and `status=processing`. */
const [, WAIT, PROCESSING] = STATUSES.map(statusHash) as [Hash, Hash, Hash];

function statusHash(status: string): Hash {
  return attribute("status", status)._hash;
}

/** Matches queries. */
export const QUERY = { itype: "object", sub_type: "query" } as const;

/** Matches queries of any status. ($in, so that the index on `_cref` finds them among all else.) */
export const QUERY_OF_ANY_STATUS = { ...QUERY, _cref: { $in: STATUSES.map(statusHash) } };

export const WAITING_QUERY = { ...QUERY, _cref: WAIT };

export const PROCESSING_QUERY = { ...QUERY, _cref: PROCESSING };

/** Matches the queries that may be claimed at `now`, in seconds since 1970. */
export function claimableAt(now: number): Document {
  return {
    ...QUERY,
    $or: [{ _cref: WAIT }, { _cref: PROCESSING, "claim.until": { $lte: now } }],
  };
}

/** The order in which queries are claimed. */
export const OLDEST_FIRST = { "data.timestamp": 1, _id: 1 } as const;

/** Selects the changes that may bring work: a query is new, asked again or given back. */
export const QUERY_ARRIVALS: Document[] = [
  {
    $match: {
      $or: [
        { operationType: { $in: ["insert", "replace"] }, "fullDocument.sub_type": "query" },
        { "updateDescription.updatedFields._cref": WAIT },
        { "updateDescription.removedFields": "claim.owner" },
      ],
    },
  },
  {
    $project: {
      surely: {
        $or: [
          { $in: [WAIT, arrayOrEmpty("$fullDocument._cref")] },
          { $in: [WAIT, arrayOrEmpty("$updateDescription.updatedFields._cref")] },
        ],
      },
    },
  },
];

/** A query that may be claimed. */
export type QueryCandidate = {
  readonly id: ObjectId;
  readonly hash: Hash;
  /** Why its last attempt failed, if the worker lived to say so. */
  readonly reason: string | undefined;
  /** Whether its last attempt ended without a word: it may be what killed the worker. */
  readonly suspect: boolean;
};

/** Fields of a document that {@link toQueryCandidate} needs. */
export const CANDIDATE_FIELDS = { _hash: 1, _cref: 1, claim: 1 } as const;

export function toQueryCandidate({ _id, _hash, _cref, claim }: Document): QueryCandidate {
  const wasClaimed = _cref.includes(PROCESSING) && claim?.attempts > 0;
  const reason = wasClaimed && typeof claim.reason === "string" ? claim.reason : undefined;
  return { id: _id, hash: _hash, reason, suspect: wasClaimed && reason === undefined };
}

/** The update that claims a query. A waiting one starts anew, whatever its `claim` still holds. */
export function claimUpdate(
  { owner, until, token }: { owner: string; until: number; token: ObjectId },
): Document[] {
  const wasClaimed = {
    $and: [{ $in: [PROCESSING, arrayOrEmpty("$_cref")] }, { $isNumber: "$claim.attempts" }],
  };
  const attempts = { $add: [{ $cond: [wasClaimed, "$claim.attempts", 0] }, 1] };
  const claim = { owner: { $literal: owner }, until: new Double(until), token, attempts };
  const status = replaceAttributes([WAIT, PROCESSING], [attribute("status", "processing")]);
  return [{ $set: { claim, ...status } }, { $unset: "claim.reason" }];
}

/** Matches the claim's query only while the claim still holds it. */
export function queryFenceFilter({ id, owner, attempts }: QueryClaim): Document {
  return {
    ...PROCESSING_QUERY,
    _hash: id,
    "claim.owner": owner,
    "claim.attempts": attempts,
  };
}

/**
 * The filter and update that finish a claim's query. The update removes the reference to the report
 * that the claim saw, so the filter matches only a query that still has that report.
 */
export function finishUpdate(
  claim: QueryClaim,
  outcome: QueryOutcome,
): { filter: Document; update: Document[] } {
  const before = claim.query.data["report_id"];
  const reports = (before ?? []).filter(isScalar).map((id) => attribute("report_id", id)._hash);
  const attributes = replaceAttributes([PROCESSING, ...reports], outcomeAttributes(outcome));
  return {
    filter: { ...queryFenceFilter(claim), "data.report_id": toBsonValue(before ?? null) },
    update: [{ $set: attributes }, { $unset: "claim" }],
  };
}

/**
 * Fields of a $set that replaces attributes in a query's data and references at once; everything
 * else stays as it is at the time of the update.
 */
function replaceAttributes(removed: readonly Hash[], added: readonly Attribute[]): Document {
  const data = added.map(({ sub_type, data }) => [`data.${sub_type}`, { $literal: [data] }]);
  const hashes = added.map(({ _hash }) => _hash);
  const replaceIn = (field: string) => ({
    $setUnion: [{ $setDifference: [arrayOrEmpty(field), removed] }, hashes],
  });
  return { ...Object.fromEntries(data), _cref: replaceIn("$_cref"), _ref: replaceIn("$_ref") };
}

/** The query in a document, without MongoDB's and our own fields. */
export function toQuery({ _id, claim: _claim, ...query }: Fields): TahoeObject {
  return query as unknown as TahoeObject;
}

/**
 * The claim of a document after {@link claimUpdate}. The update removes the reason of the attempt
 * before, which therefore comes from `reasons`, by hash.
 */
export function toQueryClaim(
  fields: Fields,
  { owner, reasons }: { owner: string; reasons: ReadonlyMap<Hash, string | undefined> },
): QueryClaim {
  const query = toQuery(fields);
  const lease = readLease(fields["claim"]);
  const attempts = lease instanceof Fault ? 0 : lease.attempts;
  const reason = reasons.get(query._hash);
  return {
    id: query._hash,
    owner,
    attempts,
    ...(attempts > 1 && reason !== undefined && { reason }),
    query,
  };
}
