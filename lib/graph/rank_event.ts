import type { Hash } from "../tahoe/instance.ts";
import type { Edges } from "./edges.ts";
import type { RankMemory } from "./rank_memory.ts";
import { type ThreatRank, threatRank, type ThreatRankOptions } from "./threatrank.ts";

export type RankEventOptions = ThreatRankOptions & {
  readonly edges: Edges;
  /** Knows whether there is a copy of the graph; without it, each neighbourhood is loaded. */
  readonly memory?: RankMemory;
  /** Whether the heaviest paths are wanted. */
  readonly evidence: boolean;
};

/** A rank, and the time from which ages were counted, in seconds since 1970. */
export type RankedEvent = ThreatRank & { readonly now: number };

/** Seconds to which times are rounded down: the copy has sums for each time. */
const TIME_STEP = 3600;

/**
 * Ranks an event as it was at the beginning of the hour. Undefined if the event is hidden or
 * unknown, or not an event.
 */
export async function rankEvent(
  hash: Hash,
  { edges, memory, evidence, ...options }: RankEventOptions,
): Promise<RankedEvent | undefined> {
  const now = Math.floor(options.now / TIME_STEP) * TIME_STEP;
  const { orgids, limits } = options;
  const load = (limits: ThreatRankOptions["limits"]) =>
    threatRank(edges, hash, { ...options, limits, now });
  const question = { orgids, now, evidence, limits };
  const found = memory === undefined ? await load(limits) : await memory.rank(hash, question, load);
  return found && { ...found, now };
}
