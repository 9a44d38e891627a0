import { type Document, Double, ObjectId } from "mongodb";
import type { Claim, Outcome } from "../lake/lake.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";

/**
 * Documents of cache lake entries. The API creates them; the existing archive sets `processed` and
 * adds to `_ref`. Our own field is `claim`: `{owner, until, attempts, reason, token}`; an entry
 * without it was never claimed. SUCCESS removes `claim`, and leaves `events` and `reason` if no
 * event could be made of the Raw; the other final states leave `skip`, `state`, `reason` and
 * `attempts`.
 */

/** Matches unfinished entries. (`$ne: true` would too, but not in the index's order of age.) */
export const UNFINISHED = { processed: { $in: [false, null] } };

/** Matches unfinished entries with an `_id` as the API makes them: claims can name no others. */
export const CLAIMABLE = { ...UNFINISHED, _id: { $type: "objectId" } } as const;

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
  /** Claims of this entry so far. */
  readonly attempts: number;
};

/** Reads an entry whose `_id` is an ObjectId. */
export function toEntryCandidate(fields: Fields): EntryCandidate {
  const claim = claimOf(fields);
  return {
    id: new ObjectId(objectIdHex(fields["_id"])),
    fields,
    attempts: Number(claim["attempts"] ?? 0),
  };
}

/** Returns the claim of an entry that `owner` has just claimed. */
export function toClaim({ id, fields, attempts }: EntryCandidate, owner: string): Claim {
  const { _id, fid: _fid, claim: _claim, ...entry } = fields;
  const reason = claimOf(fields)["reason"];
  return {
    id: id.toHexString(),
    owner,
    attempts: attempts + 1,
    ...(typeof reason === "string" && { reason }),
    entry,
  };
}

/** Our own field of an entry or query; empty if it was never claimed. */
export function claimOf(fields: Fields): Fields {
  return isFields(fields["claim"]) ? fields["claim"] : {};
}

/** Hex digits of an ObjectId in a document that was read; undefined for any other value. */
export function objectIdHex(value: Value | undefined): string | undefined {
  const hex = isFields(value) ? value["$oid"] : undefined;
  return typeof hex === "string" ? hex : undefined;
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
export function settleUpdate({ attempts }: Claim, outcome: Outcome): Document {
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
