import { type Document, Double, type ObjectId } from "mongodb";
import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { type Fields, isScalar, type Value } from "../tahoe/value.ts";
import type { QueryClaim, QueryOutcome } from "../tdql/inbox.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import { toBsonValue } from "./bson.ts";
import { ATTEMPTS, isLeased } from "./lease.ts";
import { arrayOrEmpty } from "./expressions.ts";

/**
 * Documents of queries in the report collection. The API creates them; when a query is asked again,
 * it writes all fields back as it once read them. Our own field is `claim`: `{owner, until,
 * attempts, reason, token}`, which is removed when the query has ended. The `claim` of a waiting
 * query is one that the API wrote back, and means nothing.
 */

/** Statuses of queries. */
export const STATUSES = ["invalid", "wait", "processing", "ready", "failed"] as const;

/**
 * Reference of a query in quarantine, in place of its status. No attribute has this hash: the API
 * finds none.
 */
export const QUARANTINED = statusHash("quarantined");

/** Hashes of the attributes `status=wait` and `status=processing`. */
export const [, WAIT, PROCESSING] = STATUSES.map(statusHash) as [Hash, Hash, Hash];

function statusHash(status: string): Hash {
  return attribute("status", status)._hash;
}

/** Matches queries. */
export const QUERY = { itype: "object", sub_type: "query" } as const;

/** Matches queries of any status. ($in, so that the index on `_cref` finds them among all else.) */
export const QUERY_OF_ANY_STATUS = {
  ...QUERY,
  _cref: { $in: [...STATUSES.map(statusHash), QUARANTINED] },
};

/** Expression that is true for a query that refers to a status. */
export function hasStatus(status: typeof STATUSES[number]): Document {
  return { $in: [statusHash(status), arrayOrEmpty("$_cref")] };
}

export const WAITING_QUERY = { ...QUERY, _cref: WAIT };

export const PROCESSING_QUERY = { ...QUERY, _cref: PROCESSING };

/** Matches queries in quarantine. */
export const QUARANTINED_QUERY = { ...QUERY, _cref: QUARANTINED };

/** Matches queries that are `processing` though no worker of ours ever wrote a lease. */
export const UNLEASED_QUERY: Document = {
  ...PROCESSING_QUERY,
  $or: [{ claim: { $exists: false } }, { claim: {} }],
};

/**
 * Matches the queries that may be claimed at `now`, in seconds since 1970. A lease that nobody can
 * read has run out.
 */
export function claimableAt(now: number): Document {
  const unleased = { claim: { $exists: true, $ne: {} }, $expr: { $not: isLeased(now) } };
  return { ...QUERY, $or: [{ _cref: WAIT }, { _cref: PROCESSING, ...unleased }] };
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

/**
 * The update that claims a query. A waiting one starts anew, whatever its `claim` still holds, and so
 * does one whose attempts cannot be read: it can only fail. Data that is not an object makes room for a status.
 */
export function claimUpdate(
  { owner, until, token }: { owner: string; until: number; token: ObjectId },
): Document[] {
  const wasClaimed = { $in: [PROCESSING, arrayOrEmpty("$_cref")] };
  const attempts = { $add: [{ $cond: [wasClaimed, ATTEMPTS, 0] }, 1] };
  const claim = { owner: { $literal: owner }, until: new Double(until), token, attempts };
  const status = replaceAttributes([WAIT, PROCESSING], [attribute("status", "processing")]);
  const data = { $cond: [{ $eq: [{ $type: "$data" }, "object"] }, "$data", {}] };
  // A mere object would be merged into what is there, or into each of its members.
  return [{ $set: { claim: { $mergeObjects: [claim] }, data } }, { $set: status }];
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
  const before: Value | undefined = claim.query.data["report_id"];
  const unchanged = Array.isArray(before) && before.every(isScalar) || before === undefined;
  const reports = unchanged ? before ?? [] : [];
  const hashes = reports.map((id) => attribute("report_id", id)._hash);
  const attributes = replaceAttributes([PROCESSING, ...hashes], outcomeAttributes(outcome));
  return {
    filter: {
      ...queryFenceFilter(claim),
      ...(unchanged && { "data.report_id": toBsonValue(before ?? null) }),
    },
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
