import { isDeepStrictEqual } from "node:util";
import { type Collection, type Document, MongoServerError } from "mongodb";
import { collectionOf, type Mongo, onServer, type Place } from "./open.ts";

type Index = {
  readonly name: string;
  readonly key: { readonly [field: string]: 1 | -1 };
  readonly unique?: true;
  readonly partialFilterExpression?: { readonly [field: string]: unknown };
};

// An instance is there once under its hash, and looked up by it.
const hashUnique: Index = { name: "cybexp_hash", key: { _hash: 1 }, unique: true };
const hashPlain: Index = { name: "cybexp_hash_plain", key: { _hash: 1 } };

const instanceIndices: readonly Index[] = [
  // Which instances have it as a child.
  { name: "cybexp_cref", key: { _cref: 1 } },
  // The events that hold an attribute and that somebody may see, newest first, equally old ones by
  // hash: counts and pages come from the index, in order, however many events there are.
  { name: "cybexp_holders", key: { _ref: 1, itype: 1, orgid: 1, timestamp: -1, _hash: 1 } },
];

/** Name of the index that claiming needs: it is named there, whatever other indices there are. */
export const waitingIndex = "cybexp_waiting";

const entryIndices: readonly Index[] = [
  // Unfinished entries: those never claimed (without `claim`) by age, the others by when they are due.
  { name: waitingIndex, key: { "processed": 1, "claim.until": 1, "timestamp": 1, "_id": 1 } },
  // The quarantine: entries that failed, newest first. Those that did not have no `state`.
  {
    name: "cybexp_failed",
    key: { state: 1, timestamp: -1, _id: -1 },
    partialFilterExpression: { state: { $exists: true } },
  },
  // Entries whose events were rejected, newest first.
  {
    name: "cybexp_rejected",
    key: { events: 1, timestamp: -1, _id: -1 },
    partialFilterExpression: { events: { $exists: true } },
  },
];

/**
 * Names of the indices that a collection must have, by what it holds; of each group one. The first
 * is the one we would make.
 */
export const indexNames = {
  entries: entryIndices.map(({ name }) => [name]),
  instances: [
    ...instanceIndices.map(({ name }) => [name]),
    [hashUnique.name, hashPlain.name],
  ],
} as const;

/** Says that documents share a hash: see {@link ensureInstanceIndices}. */
export const plainHashIndex = hashPlain.name;

// GridFS drivers make these two themselves and expect these names.
const filesIndices: readonly Index[] = [
  { name: "filename_1_uploadDate_1", key: { filename: 1, uploadDate: 1 } },
];
const chunksIndices: readonly Index[] = [
  { name: "files_id_1_n_1", key: { files_id: 1, n: 1 }, unique: true },
];

/**
 * Makes the indices of a collection of instances that are not there yet. Returns what somebody
 * should know: a database of the Python system may hold a hash twice, then there is no unique index.
 */
export function ensureInstanceIndices(mongo: Mongo, place: Place): Promise<string[]> {
  const documents = collectionOf(mongo, place);
  return onServer(async () => {
    const present = await presentIndices(documents);
    await makeMissing(documents, instanceIndices, present);
    try {
      await makeMissing(documents, [hashUnique], present);
      return [];
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error;
    }
    await makeMissing(documents, [hashPlain], present);
    return [
      `Cannot make the index on _hash of ${place.db}.${place.coll} unique: documents there share ` +
      "a _hash. Two writers of the same instance at the same moment may double it.",
    ];
  });
}

const duplicateKey = 11000;

/** Makes the indices of a cache lake and its files that are not there yet. */
export function ensureLakeIndices(mongo: Mongo, { db, coll }: Place): Promise<void> {
  const ensure = async (coll: string, indices: readonly Index[]) => {
    const documents = collectionOf(mongo, { db, coll });
    await makeMissing(documents, indices, await presentIndices(documents));
  };
  return onServer(async () => {
    await Promise.all([
      ensure(coll, entryIndices),
      ensure("fs.files", filesIndices),
      ensure("fs.chunks", chunksIndices),
    ]);
  });
}

/** Where none is missing, whoever may only read the collection may call it, too. */
async function makeMissing(
  collection: Collection<Document>,
  indices: readonly Index[],
  present: readonly Document[],
): Promise<void> {
  const missing = indices.filter(({ name, key }) =>
    !present.some((index) => index["name"] === name && isDeepStrictEqual(index["key"], key))
  );
  if (missing.length > 0) await collection.createIndexes([...missing]);
}

/** The indices of a collection; none if it is not there yet. */
export async function presentIndices(collection: Collection<Document>): Promise<Document[]> {
  try {
    return await collection.listIndexes().toArray();
  } catch (error) {
    if (error instanceof MongoServerError && error.codeName === "NamespaceNotFound") return [];
    throw error;
  }
}
