import type { Hash } from "../tahoe/instance.ts";
import { Budget } from "./budget.ts";
import type { Edges } from "./edges.ts";
import { sumButterflies } from "./threatrank/butterflies.ts";
import { describePaths, type ThreatPath } from "./threatrank/describe_paths.ts";
import { type CutReason, explore } from "./threatrank/explore.ts";
import { heaviestPaths } from "./threatrank/heaviest_paths.ts";
import { findBounds } from "./threatrank/path_bounds.ts";
import type { Neighbourhood } from "./threatrank/neighbourhood.ts";
import { partialSums, sumWalks } from "./threatrank/walk_sums.ts";

export type { ThreatPath };

export type ThreatRankLimits = {
  /** Most events, and references of events, to load. */
  readonly maxEvents: number;
  readonly maxEdges: number;
  /** Most wedges to examine in search of walks that are not paths. */
  readonly maxWedges: number;
  /** Seconds from the start. */
  readonly deadline: number;
};

export type ThreatRankOptions = {
  /** Organisations whose events may be seen; no other events take part or count in degrees. */
  readonly orgids: readonly string[];
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Factor by which an event's weight falls with each whole day of its age: above 0, up to 1. */
  readonly decay: number;
  readonly limits: ThreatRankLimits;
};

/**
 * What kept an answer from being complete. `truncated`: more events or edges within reach than the
 * limits allow; `bounded`: too many wedges; `deadline`: too little time for either. With these,
 * paths that were not seen may be heavier than those shown. `evidence_cut` concerns only the paths.
 */
export type ThreatRankFlag = CutReason | "bounded" | "evidence_cut";

export type ThreatRank = {
  /** Negative; 0 if no path leads to the event, −1 if it is malicious itself. */
  readonly rank: number;
  readonly flags: readonly ThreatRankFlag[];
  /** Set if the rank is not exact: the true one lies between these. */
  readonly bounds?: { readonly least: number; readonly most: number };
  /** The heaviest paths, in descending order of weight. */
  readonly paths: readonly ThreatPath[];
};

/** Paths in the evidence. */
export const PATH_COUNT = 10;

/** Most beginnings of paths to examine for them. */
export const MAX_EXPANSIONS = 10_000;

/**
 * Computes how malicious an event is (the CYBEX-P contract). Each path of at most six edges from a
 * malicious event to this one contributes the product of the weights of its nodes, except the last
 * one's. The rank is minus the sum of these contributions. Undefined if the event is hidden or
 * unknown, or not an event.
 *
 * It is the sum over walks in which no two neighbouring nodes of a kind are equal, which takes time
 * in proportion to the edges, minus the sum over those that repeat a node, all of which lie on
 * butterflies.
 */
export async function threatRank(
  edges: Edges,
  hash: Hash,
  { orgids, now, decay, limits }: ThreatRankOptions,
): Promise<ThreatRank | undefined> {
  const budget = new Budget(limits.deadline);
  const asked = await edges.event(hash, orgids);
  if (asked === undefined) return undefined;
  if (asked.category === "malicious") return { rank: -1, flags: [], paths: [] };
  const { maxEvents, maxEdges, maxWedges } = limits;
  const { builder, cut } = await explore(edges, asked, { orgids, maxEvents, maxEdges, budget });
  const graph = await builder.build({ now, decay, budget });
  const sum = await sumPaths(graph, { maxWedges, budget });
  const { paths, cut: evidenceCut } = await heaviestPaths(graph, {
    asked: 0,
    bounds: await findBounds(graph, budget),
    count: PATH_COUNT,
    maxExpansions: MAX_EXPANSIONS,
    budget,
  });
  const flags = [cut, sum.cut, evidenceCut ? "evidence_cut" as const : undefined];
  return {
    rank: negate(sum.found),
    flags: [...new Set(flags.filter((flag) => flag !== undefined))],
    ...(sum.least < sum.most && { bounds: { least: negate(sum.most), most: negate(sum.least) } }),
    paths: await describePaths(edges, paths, {
      eventHash: (event) => graph.events[event]!,
      attributeHash: (attribute) => graph.attributes[attribute]!,
      sum: sum.found,
    }),
  };
}

type SumOptions = { readonly maxWedges: number; readonly budget: Budget };

/** Sums the paths that were found; the sum over all paths lies between `least` and `most`. */
async function sumPaths(graph: Neighbourhood, { maxWedges, budget }: SumOptions) {
  const partial = await partialSums(graph, budget);
  const { two, four, six, unseen } = await sumWalks(graph, partial, budget);
  // A walk p–c–e–b–e1–c–m implies the path p–c–m, and one with m = e2 the path p–c–e2.
  const loops = two === 0
    ? NO_BUTTERFLIES
    : await sumButterflies(graph, partial, { maxWedges, budget });
  const found = two + four + Math.max(0, six - loops.sum);
  // Walks that were not found weigh, for either kind, at most as much as all the implied paths.
  const least = loops.cut === undefined ? found : two + four + Math.max(0, six - 2 * two);
  return { found, least, most: found + unseen, cut: loops.cut };
}

const NO_BUTTERFLIES = { sum: 0, cut: undefined };

/** Negates a number, but never returns −0. */
export function negate(sum: number): number {
  return sum === 0 ? 0 : -sum;
}
