import { Buffer } from "node:buffer";
import { type Document, Double } from "mongodb";
import { Fault, fieldFault, isObject } from "../tahoe/fault.ts";
import type { Value } from "../tahoe/value.ts";

/** Our field `claim` of an entry or query: who holds it, until when, and how often it was claimed. */
export type Lease = {
  readonly owner?: string;
  /** Seconds since 1970. */
  readonly until?: number;
  /** Claims so far. */
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly reason?: string;
};

/** The year 10000, in seconds since 1970: a lease that ends later is damaged. */
export const END_OF_TIME = 253_402_300_800;

/** Bytes of the longest name of a worker that is read: host names have 253 at most. */
const MAX_OWNER_BYTES = 1024;

/** Reads the field `claim`, whatever it is. A document without it was never claimed. */
export function readLease(claim: Value | undefined): Lease | Fault {
  if (claim === undefined) return { attempts: 0 };
  if (!isObject(claim)) return fieldFault("claim", claim, "an object");
  const { owner, until, attempts = 0n, reason } = claim as { [name: string]: Value | undefined };
  if (owner !== undefined && typeof owner !== "string") {
    return fieldFault("claim.owner", owner, "a string");
  }
  if (owner !== undefined && Buffer.byteLength(owner) > MAX_OWNER_BYTES) {
    return new Fault(`claim.owner has more than ${MAX_OWNER_BYTES} bytes`);
  }
  if (until !== undefined && !isTime(until)) {
    return fieldFault("claim.until", until, "a time in seconds");
  }
  if (!isCount(attempts)) return fieldFault("claim.attempts", attempts, "a number of attempts");
  if (reason !== undefined && typeof reason !== "string") {
    return fieldFault("claim.reason", reason, "a string");
  }
  return {
    ...(owner !== undefined && { owner }),
    ...(until !== undefined && { until: Number(until) }),
    attempts: Number(attempts),
    ...(reason !== undefined && { reason }),
  };
}

function isTime(value: Value): value is number | bigint {
  return (typeof value === "number" || typeof value === "bigint") &&
    Math.abs(Number(value)) < END_OF_TIME;
}

function isCount(value: Value): value is number | bigint {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber && Number.isSafeInteger(Number(value)) && value >= 0;
}

/** Types of numbers that a lease may have, as the server names them. */
export const NUMBERS = ["int", "long", "double"];

/**
 * Expression that is true for a document whose lease can be read and ends after `now`. It understands
 * what {@link readLease} does: a lease that no reader can understand has run out.
 */
export function isLeased(now: number): Document {
  return {
    $and: [
      { $eq: [{ $type: "$claim" }, "object"] },
      { $in: [{ $type: "$claim.until" }, NUMBERS] },
      { $gt: ["$claim.until", new Double(now)] },
      { $lt: ["$claim.until", new Double(END_OF_TIME)] },
      { $or: [{ $eq: [{ $type: "$claim.owner" }, "missing"] }, HAS_OWNER] },
      { $in: [{ $type: "$claim.reason" }, ["missing", "string"]] },
      { $or: [{ $eq: [{ $type: "$claim.attempts" }, "missing"] }, HAS_ATTEMPTS] },
    ],
  };
}

/** Expression that is true if there is an owner that can be read. */
const HAS_OWNER = {
  $cond: [
    { $eq: [{ $type: "$claim.owner" }, "string"] },
    { $lte: [{ $strLenBytes: "$claim.owner" }, MAX_OWNER_BYTES] },
    false,
  ],
};

const HAS_NUMBER = { $in: [{ $type: "$claim.attempts" }, NUMBERS] };

/** Expression that is true if the number of attempts can be read. */
const HAS_ATTEMPTS = {
  $and: [
    HAS_NUMBER,
    { $gte: ["$claim.attempts", 0] },
    { $lte: ["$claim.attempts", Number.MAX_SAFE_INTEGER] },
    { $eq: ["$claim.attempts", { $cond: [HAS_NUMBER, { $trunc: "$claim.attempts" }, null] }] },
  ],
};

/** Expression for the number of attempts; 0 if it cannot be read. */
export const ATTEMPTS = { $cond: [HAS_ATTEMPTS, "$claim.attempts", 0] };

/** Expression for the owner of a lease; an empty string if it cannot be read. */
export const OWNER = { $cond: [HAS_OWNER, "$claim.owner", ""] };
