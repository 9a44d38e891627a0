import { type Collection, type Document, ObjectId } from "mongodb";
import type { EntryFilter, FinalState, FinishedEntries } from "../lake/lake.ts";
import type { GridFs } from "./gridfs.ts";
import { fromBson, readId } from "./bson.ts";
import { objectIdHex } from "./entry.ts";
import { isFiniteNumber } from "./expressions.ts";
import { selectEntries, STORED_STATES } from "./lake_summary.ts";

/**
 * Deletes finished entries and their files: see CacheLake.discard. The files go first, so that an
 * entry still names its file if this is broken off.
 */
export async function discardEntries(
  entries: Collection<Document>,
  files: GridFs,
  ids: readonly string[],
): Promise<number> {
  const finished = { $and: [{ processed: true }, selectEntries({ ids })] };
  const found = await entries.find(finished, { projection: { fid: 1 }, raw: true })
    .map((bytes) => ({ _id: readId(bytes), fid: objectIdHex(fromBson(bytes)["fid"]) }))
    .toArray();
  await files.delete(found.flatMap(({ fid }) => fid === undefined ? [] : [new ObjectId(fid)]));
  const doomed: Document = { _id: { $in: found.map(({ _id }) => _id) }, processed: true };
  const { deletedCount } = await entries.deleteMany(doomed);
  return deletedCount;
}

/** Counts finished entries and their bytes: see CacheLake.countFinished. */
export async function countFinished(
  entries: Collection<Document>,
  filter: EntryFilter,
): Promise<FinishedEntries> {
  const length = { $cond: [isFiniteNumber("$$this"), "$$this", 0] };
  const groups = await entries.aggregate([
    { $match: { $and: [{ processed: true }, selectEntries(filter)] } },
    { $lookup: { from: "fs.files", localField: "fid", foreignField: "_id", as: "file" } },
    {
      $group: {
        _id: { $cond: [{ $in: ["$state", STORED_STATES] }, "$state", "SUCCESS"] },
        entries: { $sum: 1 },
        bytes: { $sum: { $sum: { $map: { input: "$file.length", in: length } } } },
      },
    },
  ]).toArray();
  const of = (state: FinalState) => {
    const group = groups.find(({ _id }) => _id === state);
    return { entries: Number(group?.["entries"] ?? 0), bytes: Number(group?.["bytes"] ?? 0) };
  };
  return { SUCCESS: of("SUCCESS"), NOT_SUPPORTED: of("NOT_SUPPORTED"), ERROR: of("ERROR") };
}
