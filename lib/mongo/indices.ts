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

const referenceIndices: readonly Index[] = [
  // Which instances have it as a child.
  { name: "cybexp_cref", key: { _cref: 1 } },
  // The events that hold an attribute and that somebody may see, newest first, equally old ones by
  // hash: counts and pages come from the index, in order, however many events there are.
  { name: "cybexp_holders", key: { _ref: 1, itype: 1, orgid: 1, timestamp: -1, _hash: 1 } },
];

/** The index that claiming needs: it says so, whatever other indices there are. */
export const waitingIndex: Index["key"] = {
  "processed": 1,
  "claim.until": 1,
  "timestamp": 1,
  "_id": 1,
};

const entryIndices: readonly Index[] = [
  // Unfinished entries: those never claimed (without `claim`) by age, the others by when they are due.
  { name: "cybexp_waiting", key: waitingIndex },
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

/** What lies in a collection. */
export type Holds = "entries" | "instances" | "queries";

const indices: { readonly [holds in Holds]: readonly Index[] } = {
  entries: entryIndices,
  instances: [...referenceIndices, hashUnique],
  // The API looks whether an instance is there, and inserts it then. Of two of its requests that ask
  // the same at the same moment a unique index would have one fail.
  queries: [...referenceIndices, hashPlain],
};

// GridFS drivers make these two themselves and expect these names.
const filesIndices: readonly Index[] = [
  { name: "filename_1_uploadDate_1", key: { filename: 1, uploadDate: 1 } },
];
const chunksIndices: readonly Index[] = [
  { name: "files_id_1_n_1", key: { files_id: 1, n: 1 }, unique: true },
];

/** Makes the indices that are not there yet. Returns what somebody should know. */
export async function ensureIndices(mongo: Mongo, place: Place, holds: Holds): Promise<string[]> {
  if (holds === "instances") return await ensureInstanceIndices(mongo, place);
  if (holds === "entries") await ensureLakeIndices(mongo, place);
  else await ensureQueryIndices(mongo, place);
  return [];
}

/**
 * Makes those of a collection of instances. Returns what somebody should know: a database of the
 * Python system may hold a hash twice, then there is no unique index.
 */
export function ensureInstanceIndices(mongo: Mongo, place: Place): Promise<string[]> {
  const documents = collectionOf(mongo, place);
  return onServer(async () => {
    const present = await presentIndices(documents);
    await makeMissing(documents, referenceIndices, present);
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

/** Makes those of a collection of queries and reports. */
export function ensureQueryIndices(mongo: Mongo, place: Place): Promise<void> {
  return onServer(() => ensure(collectionOf(mongo, place), indices.queries));
}

/** Makes those of a cache lake and its files. */
export function ensureLakeIndices(mongo: Mongo, { db, coll }: Place): Promise<void> {
  return onServer(async () => {
    await Promise.all([
      ensure(collectionOf(mongo, { db, coll }), entryIndices),
      ensure(collectionOf(mongo, { db, coll: "fs.files" }), filesIndices),
      ensure(collectionOf(mongo, { db, coll: "fs.chunks" }), chunksIndices),
    ]);
  });
}

async function ensure(collection: Collection<Document>, wanted: readonly Index[]): Promise<void> {
  await makeMissing(collection, wanted, await presentIndices(collection));
}

/** Where none is missing, whoever may only read the collection may call it, too. */
async function makeMissing(
  collection: Collection<Document>,
  wanted: readonly Index[],
  present: readonly Document[],
): Promise<void> {
  const missing = missingOf(wanted, present);
  if (missing.length > 0) await collection.createIndexes([...missing]);
}

/** Names of the indices that {@link ensureIndices} would make. */
export function missingIndices(holds: Holds, present: readonly Document[]): string[] {
  const wanted = sharesHashes(holds, present) ? indices.queries : indices[holds];
  return missingOf(wanted, present).map(({ name }) => name);
}

/** Whether documents were found to share a hash: see {@link ensureInstanceIndices}. */
export function sharesHashes(holds: Holds, present: readonly Document[]): boolean {
  const names = new Set(present.map(({ name }) => name));
  return holds === "instances" && names.has(hashPlain.name) && !names.has(hashUnique.name);
}

/** The server refuses a second index like one that is there under another name. */
function missingOf(wanted: readonly Index[], present: readonly Document[]): readonly Index[] {
  return wanted.filter((index) => !present.some((other) => serves(other, index)));
}

function serves(present: Document, { key, unique, partialFilterExpression }: Index): boolean {
  return isDeepStrictEqual(present["key"], key) &&
    (unique === undefined || present["unique"] === true) &&
    isDeepStrictEqual(present["partialFilterExpression"], partialFilterExpression) &&
    present["sparse"] !== true && present["collation"] === undefined;
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
