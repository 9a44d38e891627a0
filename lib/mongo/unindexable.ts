import type { Collection, Document } from "mongodb";
import { fromBson } from "./bson.ts";
import { entryId } from "./entry.ts";

/** Documents that a notice names. */
const NAMED = 3;

type PartialIndex = {
  /** Fields of the index, of which a document may have a list in one only. */
  readonly key: { readonly [field: string]: 1 | -1 };
  /** Matches the documents that the index is for. */
  readonly filter: Document;
};

/** Names some documents that keep an index from being made, each with the fields that are lists. */
export async function describeUnindexable(
  collection: Collection<Document>,
  { key, filter }: PartialIndex,
): Promise<string> {
  const fields = Object.keys(key);
  const lists = fields.map((field) => ({ $cond: [hasList(field), [field], []] }));
  const found = await collection.aggregate([
    { $match: filter },
    { $project: { lists: { $concatArrays: lists } } },
    { $match: { "lists.1": { $exists: true } } },
    { $limit: NAMED },
  ], { raw: true }).map((bytes) => fromBson(bytes)).toArray();
  return found.map(({ _id, lists }) => {
    const names = (lists as readonly string[]).join(" and ");
    return `document ${entryId(_id)}, in which ${names} are lists`;
  }).join("; ");
}

/** Expression that is true if a field, or one above it, is a list. */
function hasList(field: string): Document {
  const names = field.split(".");
  const paths = names.map((_, i) => `$${names.slice(0, i + 1).join(".")}`);
  return { $or: paths.map((path) => ({ $isArray: path })) };
}
