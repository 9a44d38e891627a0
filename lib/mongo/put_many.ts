import { type Collection, type Document, MongoBulkWriteError } from "mongodb";
import { chunksByBytes } from "../chunks.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { toBson } from "./bson.ts";
import { isDuplicateKey } from "./store_errors.ts";
import { checkedSize, mergeWrites } from "./upsert.ts";

/** Limits of one chunk: larger ones are no faster, but hold up timers and take memory. */
const CHUNK_LIMITS = { maxItems: 2000, maxBytes: 4 * 1024 * 1024, bytesOf: checkedSize };

/**
 * Puts many instances in a third of the time that an upsert of each takes: finds out which of them
 * are stored, inserts the others in order, and then merges those that were stored or come twice.
 * Its other errors are the driver's own.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when an instance is over 16 MiB; none is stored then.
 */
export async function putMany(
  documents: Collection<Document>,
  instances: readonly Instance[],
): Promise<void> {
  // All sizes are checked before the first chunk is stored.
  const chunks = await Array.fromAsync(chunksByBytes(instances, CHUNK_LIMITS));
  for (const chunk of chunks) await putChunk(documents, chunk);
}

async function putChunk(
  documents: Collection<Document>,
  chunk: readonly Instance[],
): Promise<void> {
  const present = await findPresent(documents, chunk.map(({ _hash }) => _hash));
  const absent = new Map<Hash, Instance>();
  const others: Instance[] = [];
  for (const instance of chunk) {
    const { _hash } = instance;
    if (present.has(_hash) || absent.has(_hash)) others.push(instance);
    else absent.set(_hash, instance);
  }
  if (absent.size > 0 && !await insertAll(documents, [...absent.values()])) {
    // Another writer stored one of them first; those before it are stored by now.
    return await putChunk(documents, chunk);
  }
  const writes = others.flatMap(mergeWrites);
  if (writes.length > 0) await documents.bulkWrite(writes);
}

async function findPresent(
  documents: Collection<Document>,
  hashes: readonly Hash[],
): Promise<Set<Hash>> {
  const found = documents.find({ _hash: { $in: hashes } }, {
    projection: { _id: 0, _hash: 1 },
    batchSize: hashes.length,
  });
  return new Set(await found.map(({ _hash }) => _hash as Hash).toArray());
}

/** Inserts in order. Stops and returns false at an instance that is stored already. */
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
    const isStored = error instanceof MongoBulkWriteError && isDuplicateKey(error) &&
      error.result.getWriteConcernError() === undefined;
    if (isStored) return false;
    throw error;
  }
}
