import { type Collection, type Document, ObjectId } from "mongodb";
import type { EntryFilter, FinalState, FinishedEntries } from "../lake/lake.ts";
import type { GridFs } from "./gridfs.ts";
import { selectEntries } from "./lake_summary.ts";

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
  const found = await entries.find(finished, { projection: { fid: 1 } }).toArray();
  const fids = found.map(({ fid }) => fid).filter((fid) => fid instanceof ObjectId);
  await files.delete(fids);
  const _id = { $in: found.map(({ _id }) => _id) };
  const { deletedCount } = await entries.deleteMany({ _id, processed: true });
  return deletedCount;
}

/** Counts finished entries and their bytes: see CacheLake.countFinished. */
export async function countFinished(
  entries: Collection<Document>,
  filter: EntryFilter,
): Promise<FinishedEntries> {
  const groups = await entries.aggregate([
    { $match: { $and: [{ processed: true }, selectEntries(filter)] } },
    { $lookup: { from: "fs.files", localField: "fid", foreignField: "_id", as: "file" } },
    {
      $group: {
        _id: { $ifNull: ["$state", "SUCCESS"] },
        entries: { $sum: 1 },
        bytes: { $sum: { $sum: "$file.length" } },
      },
    },
  ]).toArray();
  const of = (state: FinalState) => {
    const group = groups.find(({ _id }) => _id === state);
    return { entries: Number(group?.["entries"] ?? 0), bytes: Number(group?.["bytes"] ?? 0) };
  };
  return { SUCCESS: of("SUCCESS"), NOT_SUPPORTED: of("NOT_SUPPORTED"), ERROR: of("ERROR") };
}
