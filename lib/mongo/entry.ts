import { type Document, Double, ObjectId } from "mongodb";
import type { Claim, Outcome } from "../lake/lake.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";

/**
 * Entries of the cache lake. The API makes them, the existing archive sets `processed` and adds to
 * `_ref`. What is ours lies in `claim`: `{owner, until, attempts, reason, token}`; an entry without
 * it was never claimed. SUCCESS takes `claim` off, and leaves `events` and `reason` if no event could
 * be made of the Raw; the other ends leave `skip`, `state`, `reason` and `attempts`.
 */

/** Not finished. ($in, where $ne true would do as well: so the index gives them in order of age.) */
export const unfinished = { processed: { $in: [false, null] } };

/** Unfinished ones under an `_id` as the API makes them, the only ones that claims can name. */
export const claimable = { ...unfinished, _id: { $type: "objectId" } } as const;

/** Fields that attempts leave, ours and (`bad_data`) the existing archive's: to $unset. */
export const traces = {
  claim: "",
  skip: "",
  state: "",
  events: "",
  reason: "",
  attempts: "",
  bad_data: "",
};

/** An entry that may be claimed, as it was found. */
export type Candidate = {
  readonly id: ObjectId;
  readonly fields: Fields;
  /** How often it was claimed until now. */
  readonly attempts: number;
};

/** Reads an entry; its `_id` must be an ObjectId. */
export function toCandidate(fields: Fields): Candidate {
  const claim = claimOf(fields);
  return {
    id: new ObjectId(objectIdText(fields["_id"])),
    fields,
    attempts: Number(claim["attempts"] ?? 0),
  };
}

/** The claim that a candidate becomes with its next attempt. */
export function toClaim({ id, fields, attempts }: Candidate, owner: string): Claim {
  const { _id, fid: _fid, claim: _claim, ...entry } = fields;
  const reason = claimOf(fields)["reason"];
  return {
    id: id.toHexString(),
    owner,
    attempts: attempts + 1,
    ...(typeof reason === "string" ? { reason } : {}),
    entry,
  };
}

/** Our sub-document of an entry; empty if it was never claimed. */
export function claimOf(fields: Fields): Fields {
  return isFields(fields["claim"]) ? fields["claim"] : {};
}

/** Hex digits of an ObjectId that was read; undefined of anything else. */
export function objectIdText(value: Value | undefined): string | undefined {
  const text = isFields(value) ? value["$oid"] : undefined;
  return typeof text === "string" ? text : undefined;
}

/** Finds the claim's entry only if the claim is still the one that holds it. */
export function fence({ id, owner, attempts }: Claim): Document {
  return {
    ...unfinished,
    _id: new ObjectId(id),
    "claim.owner": owner,
    "claim.attempts": attempts,
  };
}

/** The update that ends a claim. */
export function ending({ attempts }: Claim, outcome: Outcome): Document {
  if (outcome.state === "RETRY") {
    return {
      $set: { "claim.until": new Double(outcome.notBefore), "claim.reason": outcome.reason },
      $unset: { "claim.owner": "", "claim.token": "" },
    };
  }
  if (outcome.state === "SUCCESS") {
    const { ref, events, reason } = outcome;
    const left = {
      ...(attempts > 1 && { attempts }),
      ...(events !== undefined && { events }),
      ...(reason !== undefined && { reason }),
    };
    const gone = Object.entries(traces).filter(([name]) => !(name in left));
    return {
      $set: { processed: true, ...left },
      $addToSet: { _ref: ref },
      $unset: Object.fromEntries(gone),
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
      ...(badData ? { bad_data: true } : {}),
    },
    $unset: { claim: "", events: "", ...(badData ? {} : { bad_data: "" }) },
  };
}
