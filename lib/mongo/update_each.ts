import { type Collection, type Document, MongoBulkWriteError, ObjectId } from "mongodb";
import { isDocumentError, isDocumentFault } from "./store_errors.ts";

/** The update of one document, which its filter names by `_id`. */
export type Update = { readonly filter: Document; readonly update: Document };

/** Indices of updates that changed nothing. */
type Unchanged = {
  /** The filter matched no document. */
  readonly unmatched: ReadonlySet<number>;
  /** The server refuses to write this to the document. */
  readonly refused: ReadonlySet<number>;
};

/**
 * Part of an update with `upsert: true` that makes it fail if its filter matches nothing: no insert
 * can satisfy two different `_id`s. So the error says which updates of a batch matched nothing, and
 * nothing is ever inserted.
 */
const FAIL_IF_UNMATCHED = { $setOnInsert: { _id: new ObjectId("0".repeat(24)) } };

/** The server's code ImmutableField, with which such an update fails. */
const IMMUTABLE_FIELD = 66;

/** Updates documents in one command, each independently of the others. Says which stay as they were. */
export async function updateEach(
  collection: Collection<Document>,
  updates: readonly Update[],
): Promise<Unchanged> {
  const operations = updates.map(({ filter, update }) => ({
    updateOne: { filter, update: { ...update, ...FAIL_IF_UNMATCHED }, upsert: true },
  }));
  try {
    if (operations.length > 0) await collection.bulkWrite(operations, { ordered: false });
    return { unmatched: new Set(), refused: new Set() };
  } catch (error) {
    return readFaults(error);
  }
}

type UpdateOptions = {
  readonly filter: Document;
  readonly update: Document | Document[];
  readonly arrayFilters?: Document[];
};

/** Updates one document, in its own command. */
export function tryUpdateOne(
  collection: Collection<Document>,
  { filter, update, ...options }: UpdateOptions,
): Promise<UpdateResult> {
  return resultOf(() => collection.updateOne(filter, update, options));
}

/** Updates documents in one command, which ends at the first that the server refuses to change. */
export function tryUpdateMany(
  collection: Collection<Document>,
  { filter, update, ...options }: UpdateOptions,
): Promise<UpdateResult> {
  return resultOf(() => collection.updateMany(filter, update, options));
}

export type UpdateResult = "done" | "unmatched" | "refused";

async function resultOf(
  write: () => Promise<{ readonly matchedCount: number }>,
): Promise<UpdateResult> {
  try {
    const { matchedCount } = await write();
    return matchedCount === 0 ? "unmatched" : "done";
  } catch (error) {
    if (isDocumentError(error)) return "refused";
    throw error;
  }
}

/** Sorts the faults of a bulk write. Rethrows an error that the documents did not cause. */
function readFaults(error: unknown): Unchanged {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const faults = [error.writeErrors].flat();
  const unmatched = faults.filter(({ code }) => code === IMMUTABLE_FIELD);
  const refused = faults.filter(({ code }) => isDocumentFault(code));
  if (faults.length === 0 || unmatched.length + refused.length < faults.length) throw error;
  const indices = (found: typeof faults) => new Set(found.map(({ index }) => index));
  return { unmatched: indices(unmatched), refused: indices(refused) };
}
