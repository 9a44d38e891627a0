import { type Collection, type Document, ObjectId } from "mongodb";
import type { EntryFilter, FinalState, FinishedEntries } from "../lake/lake.ts";
import type { GridFs } from "./gridfs.ts";
import { fromBson, readId } from "./bson.ts";
import { objectIdHex, UNFINISHED } from "./entry.ts";
import { bounded, isFiniteNumber } from "./expressions.ts";
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
  const found = await entries.find(finished, { projection: { fid: bounded("$fid") }, raw: true })
    .map((bytes) => ({ _id: readId(bytes), fid: objectIdHex(fromBson(bytes)["fid"]) }))
    .toArray();
  const named = found.map(({ _id }) => _id);
  const fids = found.flatMap(({ fid }) => fid === undefined ? [] : [new ObjectId(fid)]);
  await files.delete(await unshared(entries, fids, named));
  const doomed: Document = { _id: { $in: named }, processed: true };
  const { deletedCount } = await entries.deleteMany(doomed);
  return deletedCount;
}

/** The files that no entry needs which is waiting, or could be put back, and is not one of these. */
async function unshared(
  entries: Collection<Document>,
  fids: readonly ObjectId[],
  except: readonly unknown[],
): Promise<readonly ObjectId[]> {
  const others: Document = {
    $or: [UNFINISHED, { processed: true, state: { $in: [...STORED_STATES] } }],
    fid: { $in: fids },
    _id: { $nin: except },
  };
  const needed = await entries.find(others, { projection: { _id: 0, fid: 1 } })
    .map(({ fid }) => String(fid))
    .toArray();
  return fids.filter((fid) => !needed.includes(String(fid)));
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
