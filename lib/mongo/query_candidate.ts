import type { Document } from "mongodb";
import { Fault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type { QueryClaim } from "../tdql/inbox.ts";
import { type QueryDocument, readQueryDocument } from "../tdql/query_document.ts";
import { findRepeatedName, fromBson, hasMoreFields, readField } from "./bson.ts";
import { entryId, nameableId } from "./entry.ts";
import { arrayOrEmpty, boundedDocument } from "./expressions.ts";
import { readLease } from "./lease.ts";
import { PROCESSING_QUERY, toQuery } from "./query.ts";

/** A query that may be claimed. */
export type QueryCandidate = {
  /** Its `_id` as text. */
  readonly name: string;
  readonly kind: "sound" | "damaged";
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
  /** Its `_id` as text. */
  readonly name: string;
  readonly kind: "quarantined";
  /** Undefined if filters cannot name it. */
  readonly _id: unknown;
  readonly reason: string;
};

/** A query of which no more is known than its `_id`. */
export function faultyQuery(bytes: Uint8Array | Document, reason: string): FaultyQuery {
  const name = entryId(readField(bytes, "_id"));
  return { name, kind: "quarantined", _id: nameableId(bytes), reason };
}

/** Bytes beyond which a query is not worked on. */
const MAX_QUERY_BYTES = 2 ** 22;

/** The same, without its question: a sound one has some thousands. */
const MAX_BYTES_BESIDE = 2 ** 16;

const SIZE = { $bsonSize: "$$ROOT" };

/** Bytes of the question of a query: the only part of it that may be large. */
const QUESTION_SIZE = questionSize();

function questionSize(): Document {
  const qdata = arrayOrEmpty("$data.qdata");
  const isText = { $eq: [{ $type: { $arrayElemAt: [qdata, 0] } }, "string"] };
  const isOne = { $eq: [{ $size: qdata }, 1] };
  return { $cond: [{ $and: [isOne, isText] }, { $bsonSize: { qdata } }, 0] };
}

/**
 * Stages that leave the documents of queries without their questions, and of those that are too large
 * to be worked on only the `_id`: whoever may write into the report database may write 16 MiB.
 */
export const CANDIDATE_STAGES: readonly Document[] = [
  boundedDocument(["_id"], {
    $or: [
      { $gt: [SIZE, MAX_QUERY_BYTES] },
      { $gt: [{ $subtract: [SIZE, QUESTION_SIZE] }, MAX_BYTES_BESIDE] },
    ],
  }),
  { $project: { "data.qdata": 0 } },
];

/** Fields and members of lists beyond which a query is not read: a sound one has a hundred. */
const MAX_FIELDS = 2000;

/** Reads a query that may be claimed, which was found with {@link CANDIDATE_STAGES}. */
export function readCandidate(bytes: Uint8Array | Document): QueryCandidate | FaultyQuery {
  const document = readDocument(bytes);
  if (document instanceof Fault) return faultyQuery(bytes, document.reason);
  const { name, _id } = faultyQuery(bytes, "");
  if (_id === undefined) return faultyQuery(bytes, "_id is not an ObjectId");
  const { fields, hash } = document;
  const { _cref, claim } = fields;
  const lease = readLease(claim);
  const fault = lease instanceof Fault ? lease : document.fault;
  const { attempts, reason } = lease instanceof Fault ? { attempts: 0 } : lease;
  const wasClaimed = Array.isArray(_cref) && _cref.includes(PROCESSING_QUERY._cref) && attempts > 0;
  return {
    name,
    kind: fault === undefined ? "sound" : "damaged",
    _id,
    hash,
    reason: wasClaimed ? reason : undefined,
    suspect: wasClaimed && reason === undefined,
    ...(fault !== undefined && { fault }),
  };
}

/** Reads no more of a document than a sound one has. */
function readDocument(
  bytes: Uint8Array | Document,
): Fault | (QueryDocument & { readonly fields: Fields }) {
  // It was found by its itype: a document without one was not fetched.
  if (readField(bytes, "itype") === undefined) return new Fault("its document is too large");
  if (hasMoreFields(bytes, MAX_FIELDS)) {
    return new Fault(`its document has more than ${MAX_FIELDS} fields`);
  }
  const repeated = findRepeatedName(bytes);
  if (repeated !== undefined) return new Fault(`the field ${repeated} is there more than once`);
  const fields = fromBson(bytes);
  const document = readQueryDocument(fields);
  return document instanceof Fault ? document : { ...document, fields };
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
