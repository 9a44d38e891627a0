import type { AnyBulkWriteOperation, Document } from "mongodb";
import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT } from "../tahoe/bson.ts";
import type { Instance } from "../tahoe/instance.ts";
import { LATEST, mergedFields, type Merging } from "../tahoe/instances.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { toBson, toBsonValue } from "./bson.ts";

type Write = AnyBulkWriteOperation<Document>;

/** The stored field, as an expression, and what was put. */
type Merge = (field: string, given: Value) => Document;

const merge: { readonly [how in Merging]: Merge } = {
  union,
  latest,
  replace: (_, given) => literal(given),
};

/** The bytes of an instance. Throws {@link Rejected}, DOCUMENT_TOO_LARGE, if they are over 16 MiB. */
export function checkedSize(instance: Instance): number {
  const size = bsonSize(instance as unknown as Fields);
  if (size <= MAX_DOCUMENT) return size;
  throw new Rejected(
    "DOCUMENT_TOO_LARGE",
    `The ${instance.itype} ${instance._hash} would be over 16 MiB in MongoDB`,
  );
}

/** The fields of an instance. Throws as {@link checkedSize} does. */
export function checkedFields(instance: Instance): Fields {
  checkedSize(instance);
  return instance as unknown as Fields;
}

/**
 * What puts the instance: it is inserted if nothing is there under its hash, otherwise merged into
 * that. Throws as {@link checkedSize} does.
 */
export function upsertWrites(instance: Instance): Write[] {
  const { _hash, ...fields } = checkedFields(instance);
  const update = { $setOnInsert: toBson(fields) };
  return [{ updateOne: { filter: { _hash }, update, upsert: true } }, ...mergeWrites(instance)];
}

/**
 * What merges the instance into the document that is there under its hash: see `merged` in
 * lib/tahoe. Each document changes in one step, so that writers at the same time lose nothing of one
 * another. No write if the instance has nothing to give.
 */
export function mergeWrites(instance: Instance): Write[] {
  const { _hash, itype } = instance;
  const fields = instance as unknown as Fields;
  const changed: Record<string, Document> = {};
  for (const [name, how] of Object.entries(mergedFields[itype] ?? {})) {
    const more = fields[name];
    if (more !== undefined) changed[name] = merge[how](`$${name}`, more);
  }
  if (instance.itype === "event" && instance.category !== "unknown") {
    const known = { $ne: ["$category", "unknown"] };
    changed["category"] = { $cond: [known, "$category", instance.category] };
  }
  if (Object.keys(changed).length === 0) return [];
  return [{ updateOne: { filter: { _hash, itype }, update: [{ $set: changed }] } }];
}

/**
 * A set's members, then those of the other that it lacks. ($addToSet compares each with each, which
 * would take minutes for the 100,000 references of a large upload.)
 */
function union(set: string, more: Value): Document {
  const present = arrayOf(set);
  return { $concatArrays: [present, { $setDifference: [literal(more), present] }] };
}

/** The other's members, and before them those of the set under other hashes: the last of them all. */
function latest(set: string, more: Value): Document {
  const replaced = literal((more as readonly Fields[]).map(({ _hash }) => _hash!));
  const others = {
    $filter: { input: arrayOf(set), cond: { $not: { $in: ["$$this._hash", replaced] } } },
  };
  const all = { $concatArrays: [others, literal(more)] };
  return { $slice: [all, -LATEST] };
}

function arrayOf(set: string): Document {
  return { $cond: [{ $isArray: set }, set, []] };
}

function literal(value: Value): Document {
  return { $literal: toBsonValue(value) };
}
