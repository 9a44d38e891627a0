import { isDeepStrictEqual } from "node:util";
import { BSON, type Document, Double, ObjectId } from "mongodb";
import type { Claim, Outcome } from "../lake/lake.ts";
import { Fault, fieldFault, TOO_LARGE } from "../tahoe/fault.ts";
import { writeJson } from "../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { readId } from "./bson.ts";
import { type EntryFields, readEntryFields } from "./entry_fields.ts";
import { type Lease, readLease } from "./lease.ts";

/**
 * Documents of cache lake entries. The API creates them; the existing archive sets `processed` and
 * adds to `_ref`. Our own field is `claim`: `{owner, until, attempts, reason, token}`; an entry
 * without it was never claimed. SUCCESS removes `claim`, and leaves `events` and `reason` if no
 * event could be made of the Raw; the other final states leave `skip`, `state`, `reason` and
 * `attempts`.
 */

/** Matches unfinished entries. (`$ne: true` would too, but not in the index's order of age.) */
export const UNFINISHED = { processed: { $in: [false, null] } };

/** Fields that attempts leave, to $unset: ours, and the existing archive's `bad_data`. */
export const ATTEMPT_FIELDS = {
  claim: "",
  skip: "",
  state: "",
  events: "",
  reason: "",
  attempts: "",
  bad_data: "",
};

/** An entry that may be claimed, with its fields as they were read. */
export type EntryCandidate = {
  readonly id: ObjectId;
  readonly fields: Fields;
  readonly lease: Lease;
};

/** An entry that cannot be claimed, and why. Only its `_id`, of any type, is left to name it by. */
export type FaultyEntry = { readonly _id: unknown; readonly id: string; readonly reason: string };

/** Reads what claims need of an unfinished entry, which was found with ENTRY_STAGES. */
export function readEntryDocument(bytes: Uint8Array | Document): EntryCandidate | FaultyEntry {
  const read = readEntryFields(bytes);
  const lease = readUnfinished(read);
  const { fields, fields: { _id } } = read;
  return lease instanceof Fault
    ? { _id: nameableId(bytes), id: entryId(_id), reason: lease.reason }
    : { id: new ObjectId(objectIdHex(_id)), fields, lease };
}

/** The lease of an unfinished entry, or what keeps the entry from being claimed. */
export function readUnfinished({ fields, tooLarge }: EntryFields): Lease | Fault {
  const { _id, processed = false, claim, _ref = [] } = fields;
  if (objectIdHex(_id) === undefined) return fieldFault("_id", _id, "an ObjectId");
  if (tooLarge !== undefined) return tooLarge;
  if (processed !== false && processed !== null) {
    return fieldFault("processed", processed, "true or false");
  }
  return Array.isArray(_ref) ? readLease(claim) : fieldFault("_ref", _ref, "a list");
}

/** The `_id` for filters; undefined if it cannot be one, or is so large that it was not fetched. */
export function nameableId(bytes: Uint8Array | Document): unknown {
  const _id = readId(bytes);
  return isDeepStrictEqual(_id, TOO_LARGE) ? undefined : _id;
}

/** Returns the claim of an entry that `owner` has just claimed. */
export function toClaim({ id, fields, lease }: EntryCandidate, owner: string): Claim {
  const { _id, fid: _fid, claim: _claim, ...entry } = fields;
  const { attempts, reason } = lease;
  return {
    id: id.toHexString(),
    owner,
    attempts: attempts + 1,
    ...(reason !== undefined && { reason }),
    entry,
  };
}

/**
 * An `_id` as people see it, so that {@link readEntryId} finds it: the digits of an ObjectId, a string
 * as it is unless another `_id` looks the same, all else as JSON.
 */
export function entryId(_id: Value | undefined): string {
  const hex = objectIdHex(_id);
  if (hex !== undefined) return hex;
  if (typeof _id !== "string") return writeJson(_id ?? null);
  return readEntryId(_id) === _id ? _id : JSON.stringify(_id);
}

/** The `_id` that {@link entryId} writes so. */
export function readEntryId(id: string): unknown {
  if (/^[0-9a-f]{24}$/i.test(id)) return new ObjectId(id);
  try {
    const value: unknown = BSON.EJSON.parse(id, { relaxed: false });
    // The server takes these for operators, and has no such _id.
    const isOperator = value instanceof BSON.BSONRegExp ||
      Object.keys(value ?? {}).some((key) => key.startsWith("$"));
    return isOperator ? id : value;
  } catch {
    return id;
  }
}

/** Hex digits of an ObjectId in a document that was read; undefined for any other value. */
export function objectIdHex(value: Value | undefined): string | undefined {
  const hex = isFields(value) ? value["$oid"] : undefined;
  return typeof hex === "string" && /^[0-9a-f]{24}$/.test(hex) ? hex : undefined;
}

/** Matches the claim's entry only while the claim still holds it. */
export function fenceFilter({ id, owner, attempts }: Claim): Document {
  return {
    ...UNFINISHED,
    _id: new ObjectId(id),
    "claim.owner": owner,
    "claim.attempts": attempts,
  };
}

/** The update that settles a claim. */
export function settleUpdate({ attempts }: Pick<Claim, "attempts">, outcome: Outcome): Document {
  if (outcome.state === "RETRY") {
    return {
      $set: { "claim.until": new Double(outcome.notBefore), "claim.reason": outcome.reason },
      $unset: { "claim.owner": "", "claim.token": "" },
    };
  }
  if (outcome.state === "SUCCESS") {
    const { ref, events, reason } = outcome;
    const kept = {
      ...(attempts > 1 && { attempts }),
      ...(events !== undefined && { events }),
      ...(reason !== undefined && { reason }),
    };
    const removed = Object.entries(ATTEMPT_FIELDS).filter(([name]) => !(name in kept));
    return {
      $set: { processed: true, ...kept },
      $addToSet: { _ref: ref },
      $unset: Object.fromEntries(removed),
    };
  }
  const { state, reason, badData = false } = outcome;
  return {
    $set: {
      processed: true,
      skip: true,
      state,
      reason,
      attempts,
      ...(badData && { bad_data: true }),
    },
    $unset: { claim: "", events: "", ...(!badData && { bad_data: "" }) },
  };
}
