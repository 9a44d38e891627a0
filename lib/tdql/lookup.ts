import { chunks } from "../chunks.ts";
import type { FoundAttribute } from "../graph/found.ts";
import type { Edges } from "../graph/edges.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import type { Sightings } from "../graph/sightings.ts";
import { rankEvent } from "../graph/rank_event.ts";
import type { RankMemory } from "../graph/rank_memory.ts";
import type { ThreatRankFlag, ThreatRankLimits } from "../graph/threatrank.ts";
import { containers } from "../indicators/containers.ts";
import { networkAddresses } from "../indicators/network_addresses.ts";
import { attribute, type AttributeName } from "../tahoe/attribute.ts";
import type { Hash } from "../tahoe/instance.ts";
import { adviceOnUnseen } from "./advice_on_nothing.ts";
import { findHeld } from "./held.ts";

export type { FoundAttribute };

/** What the visible events say of an indicator that any of several attributes stands for. */
export type LookupAnswer = {
  /** Those of the attributes that the events hold. */
  readonly found: readonly AttributeName[];
  readonly sightings: Sightings;
  /** Number of events outside the range, if there are none in it. */
  readonly outside: number;
  /** If there are such: the times of the first and the last one, in seconds since 1970, UTC. */
  readonly outsideTimes?: OutsideTimes;
  /** If there are no events: what contains it and events hold, the smallest first. */
  readonly within: readonly FoundAttribute[];
  /** If there are no events: addresses in it, if it is a small network, that events hold. */
  readonly addresses: readonly FoundAttribute[];
  /** If there are no events: what to ask instead, in words. */
  readonly advice?: string;
  /** Missing if it was not asked for, or no event was found. */
  readonly rank?: HighestRank;
};

export type OutsideTimes = { readonly first: number; readonly last: number };

export type HighestRank = { readonly rank: number; readonly flags: readonly ThreatRankFlag[] };

export type LookupOptions = {
  readonly graph: Graph;
  readonly filter: EventFilter;
  /** If given, the highest ThreatRank of the newest events is added. */
  readonly rank?: RankOptions;
};

export type RankOptions = {
  readonly edges: Edges;
  /** Knows whether there is a copy of the graph; without it, each neighbourhood is loaded. */
  readonly memory?: RankMemory;
  readonly decay: number;
  readonly limits: ThreatRankLimits;
  /** Seconds since 1970, UTC. */
  readonly now: number;
};

/** Indicators that are looked up together. */
const CHUNK_SIZE = 2000;

/** Indicators up to which others are looked for: an IPv6 address is in 127 networks, which takes time. */
const MAX_NEAR = 100;

/** Events that are ranked of each indicator, the newest: as many as `query threatrank` shows. */
const RANKED_EVENTS = 10;

/** Indicators with their ranks in one chunk: a rank may take seconds. */
const RANKED_CHUNK_SIZE = 1;

/**
 * Looks up many indicators, each given as the attributes that stand for it. Yields the answers in
 * chunks, in order; each indicator begins with its normal form. An event counts once for an indicator even if it holds several of the attributes.
 */
export async function* lookUp(
  indicators: readonly (readonly AttributeName[])[],
  { graph, filter, rank }: LookupOptions,
): AsyncIterable<readonly LookupAnswer[]> {
  const size = rank === undefined ? CHUNK_SIZE : RANKED_CHUNK_SIZE;
  for await (const chunk of chunks(indicators, size)) {
    const named = chunk.map((names) => new Map(names.map((name) => [hashOf(name), name])));
    const groups = named.map((names) => [...names.keys()]);
    const sightings = await graph.sightings(groups, filter);
    const outside = await findOutside(graph, groups, { sightings, filter });
    const near = indicators.length > MAX_NEAR
      ? new Map<number, Near>()
      : await findNear(graph, chunk, { sightings, filter });
    const answers: LookupAnswer[] = [];
    for (const [at, seen] of sightings.entries()) {
      const found = seen.held.map((hash) => named[at]!.get(hash)!);
      const around = outside.get(at);
      const isNowhere = seen.events === 0 && around === undefined;
      const [first] = chunk[at]!;
      const isSearched = near.get(at)?.isSearched === true;
      const advice = isNowhere && first !== undefined
        ? adviceOnUnseen(first, isSearched)
        : undefined;
      const highest = rank && await highestRank(graph, seen.held, { filter, ...rank });
      answers.push({
        found,
        sightings: seen,
        outside: around?.events ?? 0,
        ...(around !== undefined && {
          outsideTimes: { first: around.first!, last: around.last! },
        }),
        within: near.get(at)?.within ?? [],
        addresses: near.get(at)?.addresses ?? [],
        ...(advice !== undefined && { advice }),
        ...(highest && { rank: highest }),
      });
    }
    yield answers;
  }
}

/** What sightings came to, and of which events. */
type Sighted = { readonly sightings: readonly Sightings[]; readonly filter: EventFilter };

type Near = Pick<LookupAnswer, "within" | "addresses"> & {
  /** Whether all addresses in a network were looked for, and none was found. */
  readonly isSearched: boolean;
};

/** Finds, for each indicator that no event in the range holds, what contains it and what is in it. */
async function findNear(
  graph: Graph,
  indicators: readonly (readonly AttributeName[])[],
  { sightings, filter }: Sighted,
): Promise<ReadonlyMap<number, Near>> {
  const unseen = [...indicators.entries()].flatMap(([at, [first]]) =>
    first !== undefined && sightings[at]!.events === 0 ? [[at, first] as const] : []
  );
  const lists = unseen.flatMap(([, name]) => [containers(name), networkAddresses(name)]);
  const found = await findHeld(graph, lists, filter);
  return new Map(unseen.map(([at], index) => {
    const [within, addresses] = [found[2 * index]!, found[2 * index + 1]!];
    const isSearched = lists[2 * index + 1]!.length > 0 && addresses.length === 0;
    return [at, { within, addresses, isSearched }] as const;
  }));
}

/** Finds, for each group of which no event is in the range, those outside it, if there are any. */
async function findOutside(
  graph: Graph,
  groups: readonly (readonly Hash[])[],
  { sightings, filter }: Sighted,
): Promise<ReadonlyMap<number, Sightings>> {
  const unseen = [...sightings.keys()].filter((at) => sightings[at]!.events === 0);
  if (unseen.length === 0) return new Map();
  const everything = { ...filter, start: -Infinity, end: Infinity };
  const found = await graph.sightings(unseen.map((at) => groups[at]!), everything);
  return new Map(
    found.flatMap((all, index) => all.events > 0 ? [[unseen[index]!, all] as const] : []),
  );
}

function hashOf({ subType, data }: AttributeName): Hash {
  return attribute(subType, data)._hash;
}

/** The rank of the most threatened of the newest events that hold any of the attributes. */
async function highestRank(
  graph: Graph,
  held: readonly Hash[],
  { filter, ...rank }: RankOptions & { readonly filter: EventFilter },
): Promise<HighestRank | undefined> {
  let highest: HighestRank | undefined;
  const page = { skip: 0, limit: RANKED_EVENTS };
  for (const { _hash } of await graph.holders({ hashes: held, context: "all" }, filter, page)) {
    const { orgids } = filter;
    const found = await rankEvent(_hash, { ...rank, orgids, evidence: false });
    if (found === undefined || (highest !== undefined && highest.rank <= found.rank)) continue;
    highest = { rank: found.rank, flags: found.flags };
  }
  return highest;
}
