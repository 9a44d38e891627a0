import type { AggregateOptions, Collection, Document } from "mongodb";
import { chunks } from "../chunks.ts";
import type { Hash } from "../tahoe/instance.ts";
import { arrayOrEmpty } from "./expressions.ts";
import { EVENTS, OTHER_REFERRERS } from "./indices.ts";

/** Hashes whose holders one command looks for, and hashes whose referrers are counted at once. */
const HASHES_AT_ONCE = 1000;
const COUNTS_AT_ONCE = 64;

/** Matches the instances that have one in their `_ref`: each branch has an index of its own. */
export function referrersFilter(hash: Hash): Document {
  return { $or: [{ _ref: hash, ...EVENTS }, { _ref: hash, ...OTHER_REFERRERS }] };
}

/**
 * Matches the instances that have one as a child. Those of events are looked for among the events
 * that hold it in any way: an index of their own would be a fifth of the work of storing.
 */
export function parentsFilter(hash: Hash): Document {
  const child = { _cref: hash };
  return { $or: [{ _ref: hash, ...EVENTS, ...child }, { ...child, ...OTHER_REFERRERS }] };
}

type Wanted = {
  readonly hashes: readonly Hash[];
  readonly itype: "raw" | "session";
  readonly options: AggregateOptions;
};

/** Raws or sessions that hold hashes in their `_ref`: see InstanceStore.holders. */
export async function findHolders(
  documents: Collection<Document>,
  { hashes, itype, options }: Wanted,
): Promise<Map<Hash, Hash[]>> {
  const found = new Map<Hash, Hash[]>();
  for await (const chunk of chunks([...new Set(hashes)], HASHES_AT_ONCE)) {
    const holders = documents.aggregate([
      { $match: { _ref: { $in: chunk }, itype } },
      {
        $project: { _id: 0, _hash: 1, held: { $setIntersection: [arrayOrEmpty("$_ref"), chunk] } },
      },
    ], options);
    for await (const { _hash, held } of holders) {
      for (const hash of held as Hash[]) found.set(hash, [...found.get(hash) ?? [], _hash]);
    }
  }
  return found;
}

/** Hashes with more referrers than the number given for each: see InstanceStore.referredBeyond. */
export async function findReferredBeyond(
  counts: ReadonlyMap<Hash, number>,
  countReferrers: (hash: Hash, limit: number) => Promise<number>,
): Promise<Set<Hash>> {
  const found = new Set<Hash>();
  for await (const chunk of chunks([...counts], COUNTS_AT_ONCE)) {
    await Promise.all(chunk.map(async ([hash, most]) => {
      if (await countReferrers(hash, most + 1) > most) found.add(hash);
    }));
  }
  return found;
}
