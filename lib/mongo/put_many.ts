import { setImmediate as turn } from "node:timers/promises";
import { type Collection, type Document, MongoBulkWriteError } from "mongodb";
import type { Hash, Instance } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { checkedSize, mergeWrites } from "./upsert.ts";
import { toBson } from "./bson.ts";

/** What is stored together: larger portions are no faster, but hold up timers and take memory. */
const INSTANCES_AT_ONCE = 2000;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/**
 * Puts many instances in a third of the time that an upsert of each takes: looks which of them are
 * there, inserts the others in their order, and then merges what was there or comes twice. Throws as
 * {@link checkedSize} does, before any is stored; other errors are the driver's own.
 */
export async function putMany(
  documents: Collection<Document>,
  instances: readonly Instance[],
): Promise<void> {
  for (const portion of await portionsOf(instances)) await putPortion(documents, portion);
}

async function portionsOf(instances: readonly Instance[]): Promise<Instance[][]> {
  const portions: Instance[][] = [];
  let portion: Instance[] = [];
  let bytes = 0;
  for (const instance of instances) {
    const size = checkedSize(instance);
    const isFull = portion.length === INSTANCES_AT_ONCE || bytes + size > BYTES_AT_ONCE;
    if (isFull && portion.length > 0) {
      portions.push(portion);
      portion = [];
      bytes = 0;
      await turn();
    }
    portion.push(instance);
    bytes += size;
  }
  return [...portions, portion];
}

async function putPortion(
  documents: Collection<Document>,
  portion: readonly Instance[],
): Promise<void> {
  const present = await presentOf(documents, portion.map(({ _hash }) => _hash));
  const absent = new Map<Hash, Instance>();
  const others: Instance[] = [];
  for (const instance of portion) {
    const { _hash } = instance;
    if (present.has(_hash) || absent.has(_hash)) others.push(instance);
    else absent.set(_hash, instance);
  }
  if (absent.size > 0 && !await insertAll(documents, [...absent.values()])) {
    // Another writer was faster with one of them; what came before it is there by now.
    return await putPortion(documents, portion);
  }
  const writes = others.flatMap(mergeWrites);
  if (writes.length > 0) await documents.bulkWrite(writes);
}

async function presentOf(
  documents: Collection<Document>,
  hashes: readonly Hash[],
): Promise<Set<Hash>> {
  const found = documents.find({ _hash: { $in: hashes } }, {
    projection: { _id: 0, _hash: 1 },
    batchSize: hashes.length,
  });
  return new Set(await found.map(({ _hash }) => _hash as Hash).toArray());
}

const duplicateKey = 11000;

/** Inserts in order. False if one is there already: then those before it were inserted. */
async function insertAll(
  documents: Collection<Document>,
  instances: readonly Instance[],
): Promise<boolean> {
  try {
    await documents.insertMany(
      instances.map((instance) => toBson(instance as unknown as Fields)),
      // The driver cannot add an `_id` to a Map.
      { forceServerObjectId: true },
    );
    return true;
  } catch (error) {
    const isTaken = error instanceof MongoBulkWriteError && error.code === duplicateKey &&
      error.result.getWriteConcernError() === undefined;
    if (isTaken) return false;
    throw error;
  }
}
