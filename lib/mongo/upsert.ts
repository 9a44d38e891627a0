import type { AnyBulkWriteOperation, Document } from "mongodb";
import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import type { Instance } from "../tahoe/instance.ts";
import { LATEST_KEPT, MERGED_FIELDS, type MergeRule } from "../tahoe/instances.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { toBson } from "./bson.ts";
import { arrayOrEmpty, literal } from "./expressions.ts";

type Write = AnyBulkWriteOperation<Document>;

/** Expressions that merge a stored field, given as `"$name"`, with the value that was put. */
const MERGE_EXPRESSIONS: {
  readonly [how in MergeRule]: (stored: string, added: Value) => Document;
} = {
  union,
  latest,
  replace: (_, added) => literal(added),
};

/**
 * Bytes of an instance.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when they are over 16 MiB.
 */
export function checkedSize(instance: Instance): number {
  const size = bsonSize(instance as unknown as Fields);
  if (size <= MAX_DOCUMENT_BYTES) return size;
  throw new Rejected(
    "DOCUMENT_TOO_LARGE",
    `The ${instance.itype} ${instance._hash} would be over 16 MiB in MongoDB`,
  );
}

/**
 * Fields of an instance.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when the instance is over 16 MiB.
 */
export function checkedFields(instance: Instance): Fields {
  checkedSize(instance);
  return instance as unknown as Fields;
}

/**
 * The writes that put an instance: they insert it if there is none under its hash, otherwise they
 * merge it into the stored document.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when the instance is over 16 MiB.
 */
export function upsertWrites(instance: Instance): Write[] {
  const { _hash, ...fields } = checkedFields(instance);
  const update = { $setOnInsert: toBson(fields) };
  return [{ updateOne: { filter: { _hash }, update, upsert: true } }, ...mergeWrites(instance)];
}

/**
 * The writes that merge an instance into the document under its hash, as `mergeInstance` does; none
 * if the instance has nothing to add. Each document changes in one step, so that no concurrent
 * write is lost.
 */
export function mergeWrites(instance: Instance): Write[] {
  const { _hash, itype } = instance;
  const fields = instance as unknown as Fields;
  const changed: Record<string, Document> = {};
  for (const [name, how] of Object.entries(MERGED_FIELDS[itype] ?? {})) {
    const added = fields[name];
    if (added !== undefined) changed[name] = MERGE_EXPRESSIONS[how](`$${name}`, added);
  }
  if (instance.itype === "event" && instance.category !== "unknown") {
    const known = { $ne: ["$category", "unknown"] };
    changed["category"] = { $cond: [known, "$category", instance.category] };
  }
  if (Object.keys(changed).length === 0) return [];
  return [{ updateOne: { filter: { _hash, itype }, update: [{ $set: changed }] } }];
}

/**
 * The stored set, followed by the added members that it lacks. ($addToSet compares every member
 * with every other, which would take minutes for the 100,000 references of a large upload.)
 */
function union(stored: string, added: Value): Document {
  const present = arrayOrEmpty(stored);
  return { $concatArrays: [present, { $setDifference: [literal(added), present] }] };
}

/**
 * The stored members without those whose hash an added member has, followed by the added members:
 * the last {@link LATEST_KEPT} of them.
 */
function latest(stored: string, added: Value): Document {
  const replaced = literal((added as readonly Fields[]).map(({ _hash }) => _hash!));
  const others = {
    $filter: { input: arrayOrEmpty(stored), cond: { $not: { $in: ["$$this._hash", replaced] } } },
  };
  const all = { $concatArrays: [others, literal(added)] };
  return { $slice: [all, -LATEST_KEPT] };
}
