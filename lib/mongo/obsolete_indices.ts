import { isDeepStrictEqual } from "node:util";
import { type Collection, type Document, MongoServerError } from "mongodb";
import { isUnauthorized } from "./store_errors.ts";

/** Indices that earlier versions created, and of which no query makes use any more. */
const OBSOLETE: readonly { readonly name: string; readonly key: Document }[] = [
  { name: "cybexp_cref", key: { _cref: 1 } },
  { name: "cybexp_holders", key: { _ref: 1, itype: 1, orgid: 1, timestamp: -1, _hash: 1 } },
];

/** Names of the indices that only earlier versions use. One that others made is none of them. */
export function obsoleteIndices(present: readonly Document[]): string[] {
  return OBSOLETE
    .filter(({ name, key }) =>
      present.some((index) => index["name"] === name && isDeepStrictEqual(index["key"], key))
    )
    .map(({ name }) => name);
}

/**
 * Drops the indices that only earlier versions use: call it once those that replace them are there.
 * Returns a notice if the user may not do that.
 */
export async function dropObsolete(
  collection: Collection<Document>,
  present: readonly Document[],
): Promise<string[]> {
  const names = obsoleteIndices(present);
  try {
    for (const name of names) await dropIndex(collection, name);
    return [];
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    const { dbName, collectionName } = collection;
    return [
      `Cannot drop the indices ${names.join(", ")} of ${dbName}.${collectionName}, which nothing ` +
      'uses any more: the user of the URL lacks the action "dropIndex" there. They only take ' +
      "room and time: grant it, or let an administrator drop them",
    ];
  }
}

/** Drops an index, unless another program has just done so. */
async function dropIndex(collection: Collection<Document>, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.codeName === "IndexNotFound")) throw error;
  }
}
