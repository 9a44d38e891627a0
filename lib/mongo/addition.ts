import type { AnyBulkWriteOperation, Document } from "mongodb";
import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT } from "../tahoe/bson.ts";
import type { Instance } from "../tahoe/instance.ts";
import { growingSets } from "../tahoe/instances.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { toBson, toBsonValue } from "./bson.ts";

/** The fields of an instance. Throws {@link Rejected}, DOCUMENT_TOO_LARGE, if they are over 16 MiB. */
export function checked(instance: Instance): Fields {
  const fields = instance as unknown as Fields;
  if (bsonSize(fields) <= MAX_DOCUMENT) return fields;
  throw new Rejected(
    "DOCUMENT_TOO_LARGE",
    `The ${instance.itype} ${instance._hash} would be over 16 MiB in MongoDB`,
  );
}

/**
 * Adds the instance, or to the growing sets of the one that is there under its hash. Throws as
 * {@link checked} does.
 */
export function addition(instance: Instance): AnyBulkWriteOperation<Document> {
  const { _hash, ...fields } = checked(instance);
  const growing = growingSets[instance.itype] ?? [];
  const sets: Record<string, { $each: unknown }> = {};
  const others: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (growing.includes(name)) sets[name] = { $each: toBsonValue(value) };
    else others[name] = value;
  }
  const update = { $setOnInsert: toBson(others), $addToSet: sets };
  return { updateOne: { filter: { _hash }, update, upsert: true } };
}
