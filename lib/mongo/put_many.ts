import { type Collection, type Document, MongoBulkWriteError } from "mongodb";
import { chunksByBytes } from "../chunks.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { toBson } from "./bson.ts";
import { toLevels } from "./put_levels.ts";
import { isDuplicateKey } from "./store_errors.ts";
import { checkedSize, mergeWrites } from "./upsert.ts";

/** Limits of one chunk: chunks of twice the size are no faster, but take 30 MiB more in all. */
const CHUNK_LIMITS = { maxItems: 1000, maxBytes: 2 * 1024 * 1024 };

/** Chunks of one level that are stored at the same time: the server works while we write the next. */
const AT_ONCE = 2;

type SizedInstance = { readonly instance: Instance; readonly size: number };

/**
 * Puts many instances in a fraction of the time that an upsert of each takes: level by level, so
 * that whatever breaks it off leaves nothing that refers to an instance which is not there. Of each
 * chunk it finds out which instances are stored, inserts the others, and merges those that were
 * stored. Its other errors are the driver's own.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when an instance is over 16 MiB; none is stored then.
 */
export async function putMany(
  documents: Collection<Document>,
  instances: readonly Instance[],
): Promise<void> {
  const levels = toLevels(instances).map((level) =>
    level.map((instance) => ({ instance, size: checkedSize(instance) }))
  );
  for (const level of levels) await putLevel(documents, level);
}

/** Puts the instances of one level. After an error it begins no more chunks, and waits for the others. */
async function putLevel(
  documents: Collection<Document>,
  level: readonly SizedInstance[],
): Promise<void> {
  const chunks = chunksByBytes(level, { ...CHUNK_LIMITS, bytesOf: ({ size }) => size });
  const putChunks = async () => {
    // Whoever leaves this loop by an error ends it for the others, too.
    for await (const chunk of chunks) {
      await putChunk(documents, chunk.map(({ instance }) => instance));
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, putChunks));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Puts instances of different hashes. */
async function putChunk(
  documents: Collection<Document>,
  chunk: readonly Instance[],
): Promise<void> {
  const present = await findPresent(documents, chunk.map(({ _hash }) => _hash));
  const absent = chunk.filter(({ _hash }) => !present.has(_hash));
  const stored = chunk.filter(({ _hash }) => present.has(_hash));
  // Those that another writer stores first are merged as well.
  const writes = [...stored, ...await insertAll(documents, absent)].flatMap(mergeWrites);
  if (writes.length > 0) await documents.bulkWrite(writes, { ordered: false });
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

/** Inserts instances in any order. Returns those that are stored already. */
async function insertAll(
  documents: Collection<Document>,
  instances: readonly Instance[],
): Promise<readonly Instance[]> {
  if (instances.length === 0) return [];
  try {
    await documents.insertMany(
      instances.map((instance) => toBson(instance as unknown as Fields)),
      // The driver cannot add an `_id` to a Map.
      { forceServerObjectId: true, ordered: false },
    );
    return [];
  } catch (error) {
    return duplicatesOf(error).map((index) => instances[index]!);
  }
}

/** The indices of inserts that met a stored instance. Rethrows an error that says more than that. */
function duplicatesOf(error: unknown): readonly number[] {
  if (!(error instanceof MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
  const faults = [error.writeErrors].flat();
  const isMore = faults.some((fault) => fault.code !== error.code);
  if (faults.length === 0 || isMore || error.result.getWriteConcernError()) throw error;
  return faults.map(({ index }) => index);
}
