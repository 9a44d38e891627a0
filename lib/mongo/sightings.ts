import type { Collection, Document } from "mongodb";
import pLimit from "p-limit";
import type { EventFilter } from "../graph/graph.ts";
import { type Sightings, type SightingsPart, sumSightings } from "../graph/sightings.ts";
import type { Hash } from "../tahoe/instance.ts";
import { toMongoFilter } from "./event_filter.ts";

/** Groups that are counted by a command of their own at the same time. */
const COUNTED_AT_ONCE = 8;

const SUMS = {
  events: { $sum: 1 },
  first: { $min: "$timestamp" },
  last: { $max: "$timestamp" },
} as const;

/**
 * What the visible events that hold any instance of a group come to, for each group. One command
 * counts all instances one by one; then the few groups of which several instances were found are
 * counted again as a whole, because their events may be the same ones.
 */
export async function readSightings(
  documents: Collection<Document>,
  groups: readonly (readonly Hash[])[],
  filter: EventFilter,
): Promise<Sightings[]> {
  const found = await countEach(documents, [...new Set(groups.flat())], filter);
  const limit = pLimit(COUNTED_AT_ONCE);
  return await Promise.all(groups.map(async (hashes) => {
    const held = [...new Set(hashes)].filter((hash) => found.has(hash));
    return sumSightings(
      held,
      held.length > 1
        ? await limit(() => countTogether(documents, held, filter))
        : held.flatMap((hash) => found.get(hash)!),
    );
  }));
}

async function countEach(
  documents: Collection<Document>,
  hashes: readonly Hash[],
  filter: EventFilter,
): Promise<ReadonlyMap<Hash, readonly SightingsPart[]>> {
  const rows = await aggregate(documents, [
    { $match: { _ref: { $in: hashes }, ...toMongoFilter(filter) } },
    { $project: { _id: 0, _ref: 1, orgid: 1, timestamp: 1, category: 1 } },
    { $unwind: "$_ref" },
    { $match: { _ref: { $in: hashes } } },
    { $group: { _id: { orgid: "$orgid", category: "$category", hash: "$_ref" }, ...SUMS } },
  ]);
  const found = new Map<Hash, SightingsPart[]>();
  for (const { _id: { hash, ...names }, ...sums } of rows) {
    const part = { ...names, ...sums } as SightingsPart;
    found.set(hash, [...found.get(hash) ?? [], part]);
  }
  return found;
}

async function countTogether(
  documents: Collection<Document>,
  hashes: readonly Hash[],
  filter: EventFilter,
): Promise<SightingsPart[]> {
  const rows = await aggregate(documents, [
    { $match: { _ref: { $in: hashes }, ...toMongoFilter(filter) } },
    { $group: { _id: { orgid: "$orgid", category: "$category" }, ...SUMS } },
  ]);
  return rows.map(({ _id: names, ...sums }) => ({ ...names, ...sums }) as SightingsPart);
}

function aggregate(documents: Collection<Document>, stages: Document[]): Promise<Document[]> {
  return documents.aggregate(stages, { allowDiskUse: true }).toArray();
}
