import { isDeepStrictEqual } from "node:util";
import { type Collection, type Document, MongoServerError } from "mongodb";
import { dropObsolete } from "./obsolete_indices.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import {
  isDocumentError,
  isDuplicateKey,
  isUnauthorized,
  withStoreErrors,
} from "./store_errors.ts";
import { describeUnindexable } from "./unindexable.ts";

type IndexSpec = {
  readonly name: string;
  readonly key: { readonly [field: string]: 1 | -1 };
  readonly unique?: true;
  readonly partialFilterExpression?: { readonly [field: string]: unknown };
};

/** Matches Raws with a source that names a file. */
export const IMPORTED_WITHOUT_EVENTS = { "_sources.file": { $exists: true } };

// Imports in quarantine: a few of all Raws.
const IMPORTS: IndexSpec = {
  name: "cybexp_imports",
  key: { "_sources.file": 1 },
  partialFilterExpression: IMPORTED_WITHOUT_EVENTS,
};

// An instance is stored once under its hash, and looked up by it.
const UNIQUE_HASH: IndexSpec = { name: "cybexp_hash", key: { _hash: 1 }, unique: true };
const PLAIN_HASH: IndexSpec = { name: "cybexp_hash_plain", key: { _hash: 1 } };

/** Matches events. */
export const EVENTS = { itype: "event" } as const;

/**
 * Matches all other instances that refer to any: "object", "raw", "report" and "session" come after
 * "event". (A partial index can name a range; a list of names only since MongoDB 6.0.)
 */
export const OTHER_REFERRERS = { itype: { $gt: EVENTS.itype } } as const;

// With other keys than the indices that they replace: MongoDB 4.4 makes no second one with the same.
const REFERENCE_INDICES: readonly IndexSpec[] = [
  // For the events that hold an attribute and are visible to an organisation, newest first, equally
  // old ones by hash: counts and pages come from the index, in order, however many events match. The
  // itype is in the key because otherwise the server would look it up in the documents.
  {
    name: "cybexp_events",
    key: { itype: 1, _ref: 1, orgid: 1, timestamp: -1, _hash: 1 },
    partialFilterExpression: EVENTS,
  },
  // For the other instances that refer to one.
  {
    name: "cybexp_referrers",
    key: { _ref: 1, itype: 1 },
    partialFilterExpression: OTHER_REFERRERS,
  },
  // For those of them that have one as a child. Without the itype: the server refuses documents in
  // which two fields of an index are lists, and others may write such.
  { name: "cybexp_parents", key: { _cref: -1 }, partialFilterExpression: OTHER_REFERRERS },
];

/** Key of the index for claims, which name it as their hint, whatever other indices there are. */
export const WAITING_KEY: IndexSpec["key"] = {
  "processed": 1,
  "claim.until": 1,
  "timestamp": 1,
  "_id": 1,
};

const ENTRY_INDICES: readonly IndexSpec[] = [
  // Unfinished entries: never claimed (no `claim`) by age, the others by when they come due.
  { name: "cybexp_waiting", key: WAITING_KEY },
  // The quarantine: failed entries, newest first. Only these have a `state`.
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

/** What a collection contains. */
export type Contents = "entries" | "instances" | "queries";

const INDICES: { readonly [contents in Contents]: readonly IndexSpec[] } = {
  entries: ENTRY_INDICES,
  instances: [...REFERENCE_INDICES, IMPORTS, UNIQUE_HASH],
  // The API checks whether an instance is stored, and then inserts it. If two of its requests did
  // so with the same instance at the same moment, a unique index would make one of them fail.
  queries: [...REFERENCE_INDICES, PLAIN_HASH],
};

// GridFS drivers create these two themselves and expect these names.
const FILES_INDICES: readonly IndexSpec[] = [
  { name: "filename_1_uploadDate_1", key: { filename: 1, uploadDate: 1 } },
];
const CHUNKS_INDICES: readonly IndexSpec[] = [
  { name: "files_id_1_n_1", key: { files_id: 1, n: 1 }, unique: true },
];

/** Creates the missing indices of a collection. Returns notices for the operator. */
export async function ensureIndices(
  mongo: Mongo,
  name: CollectionName,
  contents: Contents,
): Promise<string[]> {
  if (contents === "instances") return await ensureInstanceIndices(mongo, name);
  if (contents === "entries") return await ensureLakeIndices(mongo, name);
  return await ensureQueryIndices(mongo, name);
}

/**
 * Creates the missing indices of a collection of instances. Returns notices for the operator: a
 * database of the Python system may contain a hash twice, and then has no unique index.
 */
export function ensureInstanceIndices(mongo: Mongo, name: CollectionName): Promise<string[]> {
  const documents = collectionOf(mongo, name);
  return withStoreErrors(async () => {
    const present = await listIndices(documents);
    const notices = await replaceObsolete(documents, [...REFERENCE_INDICES, IMPORTS], present);
    try {
      return [...notices, ...await createMissing(documents, [UNIQUE_HASH], present)];
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return [
      ...notices,
      ...await createMissing(documents, [PLAIN_HASH], present),
      `Cannot make the index on _hash of ${name.db}.${name.coll} unique: documents there share a ` +
      "_hash. Two programs that store the same instance at the same moment may store it twice",
    ];
  });
}

/** Creates the missing indices of a collection of queries and reports; returns notices. */
export function ensureQueryIndices(mongo: Mongo, name: CollectionName): Promise<string[]> {
  const queries = collectionOf(mongo, name);
  return withStoreErrors(async () => {
    const present = await listIndices(queries);
    return await replaceObsolete(queries, INDICES.queries, present);
  });
}

/** Creates missing indices, then drops those of earlier versions that they replace; returns notices. */
async function replaceObsolete(
  documents: Collection<Document>,
  wanted: readonly IndexSpec[],
  present: readonly Document[],
): Promise<string[]> {
  const notices = await createMissing(documents, wanted, present);
  return notices.length > 0 ? notices : await dropObsolete(documents, present);
}

/** Creates the missing indices of a cache lake and its files; returns notices. */
export function ensureLakeIndices(mongo: Mongo, { db, coll }: CollectionName): Promise<string[]> {
  return withStoreErrors(async () => {
    const notices = await Promise.all([
      createAllMissing(collectionOf(mongo, { db, coll }), ENTRY_INDICES),
      createAllMissing(collectionOf(mongo, { db, coll: "fs.files" }), FILES_INDICES),
      createChunkIndices(collectionOf(mongo, { db, coll: "fs.chunks" })),
    ]);
    return notices.flat();
  });
}

/** Creates the indices of the chunks; without the unique one, a file that is there twice is corrupt. */
async function createChunkIndices(chunks: Collection<Document>): Promise<string[]> {
  try {
    return await createAllMissing(chunks, CHUNKS_INDICES);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const { dbName, collectionName } = chunks;
    return [
      `Cannot make the index on files_id and n of ${dbName}.${collectionName} unique: documents ` +
      "there share both. Files are read slowly without it: remove the chunks that are there twice, " +
      "then start again",
    ];
  }
}

async function createAllMissing(
  collection: Collection<Document>,
  wanted: readonly IndexSpec[],
): Promise<string[]> {
  return await createMissing(collection, wanted, await listIndices(collection));
}

/**
 * Sends no command if no index is missing, so that a user who may only read can call it. A user who
 * may not create indices gets a notice: without them everything works, only slower. So does an index
 * that documents keep from being made.
 */
async function createMissing(
  collection: Collection<Document>,
  wanted: readonly IndexSpec[],
  present: readonly Document[],
): Promise<string[]> {
  const missing = selectMissing(wanted, present);
  if (missing.length === 0) return [];
  try {
    await collection.createIndexes([...missing]);
    return [];
  } catch (error) {
    if (isDocumentError(error)) return await createEach(collection, missing);
    if (!isUnauthorized(error)) throw error;
    const { dbName, collectionName } = collection;
    return [
      `Cannot create the indices ${missing.map(({ name }) => name).join(", ")} of ` +
      `${dbName}.${collectionName}: the user of the URL lacks the action "createIndex" there. ` +
      "Everything works without them, but slowly: grant it, or let an administrator run this once",
    ];
  }
}

/** Creates indices one by one. Returns a notice for each that documents keep from being made. */
async function createEach(
  collection: Collection<Document>,
  missing: readonly IndexSpec[],
): Promise<string[]> {
  const notices: string[] = [];
  for (const { key, ...options } of missing) {
    try {
      await collection.createIndex(key, options);
    } catch (error) {
      if (!isDocumentError(error)) throw error;
      const { dbName, collectionName } = collection;
      const documents = await describeUnindexable(collection, {
        key,
        filter: options.partialFilterExpression ?? {},
      });
      notices.push(
        `Cannot create the index ${options.name} of ${dbName}.${collectionName}: it cannot hold ` +
          `${documents}. Everything works without it, but slowly: repair or remove what is named, ` +
          "then start again",
      );
    }
  }
  return notices;
}

/** Names of the indices that {@link ensureIndices} would create. */
export function missingIndices(contents: Contents, present: readonly Document[]): string[] {
  const wanted = hasSharedHashes(contents, present)
    ? [...INDICES.queries, IMPORTS]
    : INDICES[contents];
  return selectMissing(wanted, present).map(({ name }) => name);
}

/** Whether {@link ensureInstanceIndices} found documents that share a hash. */
export function hasSharedHashes(contents: Contents, present: readonly Document[]): boolean {
  const names = new Set(present.map(({ name }) => name));
  return contents === "instances" && names.has(PLAIN_HASH.name) && !names.has(UNIQUE_HASH.name);
}

/** An equal index under another name will do: the server refuses to create a second one. */
function selectMissing(
  wanted: readonly IndexSpec[],
  present: readonly Document[],
): readonly IndexSpec[] {
  return wanted.filter((index) => !present.some((other) => canServeAs(other, index)));
}

function canServeAs(present: Document, { key, unique, partialFilterExpression }: IndexSpec) {
  return isDeepStrictEqual(present["key"], key) &&
    (unique === undefined || present["unique"] === true) &&
    isDeepStrictEqual(present["partialFilterExpression"], partialFilterExpression) &&
    present["sparse"] !== true && present["collation"] === undefined;
}

/** The indices of a collection; none if the collection does not exist yet. */
export async function listIndices(collection: Collection<Document>): Promise<Document[]> {
  try {
    return await collection.listIndexes().toArray();
  } catch (error) {
    if (error instanceof MongoServerError && error.codeName === "NamespaceNotFound") return [];
    // Whoever may not list them may not create them either: createMissing says so.
    if (isUnauthorized(error)) return [];
    throw error;
  }
}
