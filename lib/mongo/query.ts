import { type Document, Double, type ObjectId } from "mongodb";
import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { type Fields, isScalar } from "../tahoe/value.ts";
import type { QueryClaim, QueryOutcome } from "../tdql/inbox.ts";
import { endParts } from "../tdql/tdql.ts";
import { toBsonValue } from "./bson.ts";
import { claimOf } from "./entry.ts";

/**
 * Queries in the report collection. The API makes them; when one is asked again, it writes all
 * fields anew as it once read them. What is ours lies in `claim`: `{owner, until, attempts, reason,
 * token}`, and goes when the query has ended. The `claim` of a waiting query is what the API brought
 * back, and means nothing.
 */

const statuses = ["invalid", "wait", "processing", "ready", "failed"] as const;

const [, wait, processing] = statuses.map(statusHash) as [Hash, Hash, Hash];

function statusHash(status: string): Hash {
  return attribute("status", status)._hash;
}

export const isQuery = { itype: "object", sub_type: "query" } as const;

/** Queries of any status. ($in: so the index on `_cref` finds them among all else.) */
export const queries = { ...isQuery, _cref: { $in: statuses.map(statusHash) } };

export const waitingQueries = { ...isQuery, _cref: wait };

export const processingQueries = { ...isQuery, _cref: processing };

/** What may be claimed at a time in seconds since 1970. */
export function claimable(now: number): Document {
  return {
    ...isQuery,
    $or: [{ _cref: wait }, { _cref: processing, "claim.until": { $lte: now } }],
  };
}

/** The order in which they are claimed. */
export const oldestFirst = { "data.timestamp": 1, _id: 1 } as const;

/** Picks the changes that may bring work: a query is new, asked again or given back. */
export const arriving: Document[] = [
  {
    $match: {
      $or: [
        { operationType: { $in: ["insert", "replace"] }, "fullDocument.sub_type": "query" },
        { "updateDescription.updatedFields._cref": wait },
        { "updateDescription.removedFields": "claim.owner" },
      ],
    },
  },
  {
    $project: {
      surely: {
        $or: [
          { $in: [wait, listOf("$fullDocument._cref")] },
          { $in: [wait, listOf("$updateDescription.updatedFields._cref")] },
        ],
      },
    },
  },
];

/** A query that may be claimed. */
export type Candidate = {
  readonly id: ObjectId;
  readonly hash: Hash;
  /** Why its last attempt failed, if it could still say so. */
  readonly reason: string | undefined;
  /** Its last attempt ended without a word: it may be what kills us. */
  readonly suspect: boolean;
};

/** Fields of a document that {@link toCandidate} needs. */
export const candidateFields = { _hash: 1, _cref: 1, claim: 1 } as const;

export function toCandidate({ _id, _hash, _cref, claim }: Document): Candidate {
  const begun = _cref.includes(processing) && claim?.attempts > 0;
  const reason = begun && typeof claim.reason === "string" ? claim.reason : undefined;
  return { id: _id, hash: _hash, reason, suspect: begun && reason === undefined };
}

/** The update that claims. One that waits starts anew, whatever was left in its `claim`. */
export function claiming(owner: string, until: number, token: ObjectId): Document[] {
  const begun = {
    $and: [{ $in: [processing, listOf("$_cref")] }, { $isNumber: "$claim.attempts" }],
  };
  const attempts = { $add: [{ $cond: [begun, "$claim.attempts", 0] }, 1] };
  const claim = { owner: { $literal: owner }, until: new Double(until), token, attempts };
  return [
    { $set: { claim, ...exchange([wait, processing], [attribute("status", "processing")]) } },
    { $unset: "claim.reason" },
  ];
}

/** Finds the claim's query only if the claim is still the one that holds it. */
export function fence({ id, owner, attempts }: QueryClaim): Document {
  return {
    ...processingQueries,
    _hash: id,
    "claim.owner": owner,
    "claim.attempts": attempts,
  };
}

/**
 * What finds a claim's query and ends it. The report it had must be the one that the claim saw, for
 * its reference goes.
 */
export function ending(
  claim: QueryClaim,
  end: QueryOutcome,
): { filter: Document; update: Document[] } {
  const before = claim.query.data["report_id"];
  const reports = (before ?? []).filter(isScalar).map((id) => attribute("report_id", id)._hash);
  return {
    filter: { ...fence(claim), "data.report_id": toBsonValue(before ?? null) },
    update: [{ $set: exchange([processing, ...reports], endParts(end)) }, { $unset: "claim" }],
  };
}

/** Gives attributes other values, in data and references at once; all else stays as it is by then. */
function exchange(removed: readonly Hash[], added: readonly Attribute[]): Document {
  const data = added.map(({ sub_type, data }) => [`data.${sub_type}`, { $literal: [data] }]);
  const hashes = added.map(({ _hash }) => _hash);
  const changed = (set: string) => ({
    $setUnion: [{ $setDifference: [listOf(set), removed] }, hashes],
  });
  return { ...Object.fromEntries(data), _cref: changed("$_cref"), _ref: changed("$_ref") };
}

/** A single document that has something else there would stop the claims of all. */
function listOf(field: string): Document {
  return { $cond: [{ $isArray: field }, field, []] };
}

/** The query in a document, without fields of ours. */
export function toQuery({ _id, claim: _claim, ...query }: Fields): TahoeObject {
  return query as unknown as TahoeObject;
}

/** The claim of a document that {@link claiming} changed; reasons by hash, as they were before. */
export function toQueryClaim(
  fields: Fields,
  owner: string,
  reasons: ReadonlyMap<Hash, string | undefined>,
): QueryClaim {
  const query = toQuery(fields);
  const attempts = Number(claimOf(fields)["attempts"]);
  const reason = reasons.get(query._hash);
  return {
    id: query._hash,
    owner,
    attempts,
    ...(attempts > 1 && reason !== undefined ? { reason } : {}),
    query,
  };
}
