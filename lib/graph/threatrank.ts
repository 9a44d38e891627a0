import type { Hash } from "../tahoe/instance.ts";
import { sumButterflies } from "./threatrank/butterflies.ts";
import type { EdgeEvent, Edges, InstanceName } from "./edges.ts";
import { type Cut, explore } from "./threatrank/explore.ts";
import { heaviestPaths, type HeavyPath } from "./threatrank/heaviest_paths.ts";
import type { Neighbourhood } from "./threatrank/neighbourhood.ts";
import { Budget } from "./budget.ts";
import { partialSums, sumWalks } from "./threatrank/walk_sums.ts";

export type ThreatRankLimits = {
  /** Events, and references of events, that are loaded. */
  readonly maxEvents: number;
  readonly maxEdges: number;
  /** Pairs of edges with a node in common that are looked at for walks that are no paths. */
  readonly maxWedges: number;
  /** Seconds from the start. */
  readonly deadline: number;
};

export type ThreatRankOptions = {
  /** Whose events may be seen; no others take part, and degrees count no others. */
  readonly orgids: readonly string[];
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** What an event's weight is multiplied with for every whole day of its age: above 0, up to 1. */
  readonly decay: number;
  readonly limits: ThreatRankLimits;
};

/**
 * What kept an answer from being whole. `truncated`: more events or edges than the limits lie within
 * reach; `bounded`: too many wedges; `deadline`: too little time, for either. With these, paths that
 * were not seen may be heavier than those shown. `evidence_cut`: only the paths are concerned.
 */
export type ThreatRankFlag = Cut | "bounded" | "evidence_cut";

/** A way from a malicious event, which comes first, to the asked one. */
export type ThreatPath = {
  /** What it adds to the rank, as a positive number. */
  readonly weight: number;
  /** Its part of the rank: 1 would be all of it. */
  readonly share: number;
  readonly nodes: readonly (InstanceName & { readonly hash: Hash })[];
};

export type ThreatRank = {
  /** Negative; 0 if no path leads to the event, −1 if it is malicious itself. */
  readonly rank: number;
  readonly flags: readonly ThreatRankFlag[];
  /** Where the rank is not exact: the true one lies between these. */
  readonly bounds?: { readonly least: number; readonly most: number };
  /** The heaviest paths, the first the heaviest. */
  readonly paths: readonly ThreatPath[];
};

const PATHS = 10;
const MAX_EXPANSIONS = 10_000;

/**
 * How much an event is threatened: minus the sum, over all paths of at most six edges that lead to
 * it from malicious events, of the product of the weights of their nodes but the last (the CYBEX-P
 * contract). Nothing if the event is hidden, unknown or no event.
 *
 * The sum is that of the walks whose neighbouring nodes differ, which takes time in proportion to
 * the edges, less that of the walks which come to a node again, which all lie on butterflies.
 */
export async function threatRank(
  edges: Edges,
  hash: Hash,
  options: ThreatRankOptions,
): Promise<ThreatRank | undefined> {
  const budget = new Budget(options.limits.deadline);
  const asked = await edges.event(hash, options.orgids);
  if (asked === undefined) return undefined;
  if (asked.category === "malicious") return { rank: -1, flags: [], paths: [] };
  const { graph, cut } = await load(edges, asked, options, budget);
  const sum = await sumPaths(graph, options.limits.maxWedges, budget);
  const evidence = { count: PATHS, maxExpansions: MAX_EXPANSIONS };
  const { paths, cut: evidenceCut } = await heaviestPaths(graph, evidence, budget);
  const flags = [cut, sum.cut, evidenceCut ? "evidence_cut" as const : undefined];
  return {
    rank: negative(sum.found),
    flags: [...new Set(flags.filter((flag) => flag !== undefined))],
    ...(sum.least < sum.most &&
      { bounds: { least: negative(sum.most), most: negative(sum.least) } }),
    paths: await describe(edges, graph, paths, sum.found),
  };
}

async function load(edges: Edges, asked: EdgeEvent, options: ThreatRankOptions, budget: Budget) {
  const { orgids, limits, now, decay } = options;
  const { gathering, cut } = await explore(edges, asked, { orgids, ...limits }, budget);
  return { graph: await gathering.build(now, decay, budget), cut };
}

/** The sum of the paths found, and what the sum of all paths lies between. */
async function sumPaths(graph: Neighbourhood, maxWedges: number, budget: Budget) {
  const at = await partialSums(graph, budget);
  const { two, four, six, unseen } = await sumWalks(graph, at, budget);
  // A walk p–c–e–b–e1–c–m hides the path p–c–m, and one with m = e2 the path p–c–e2.
  const loops = two === 0 ? none : await sumButterflies(graph, at, maxWedges, budget);
  const found = two + four + Math.max(0, six - loops.sum);
  // What was not found of them is at most as much as all the hidden paths, for either kind.
  const least = loops.cut === undefined ? found : two + four + Math.max(0, six - 2 * two);
  return { found, least, most: found + unseen, cut: loops.cut };
}

const none = { sum: 0, cut: undefined };

/** Never −0. */
function negative(sum: number): number {
  return sum === 0 ? 0 : -sum;
}

async function describe(
  edges: Edges,
  { events, attributes }: Neighbourhood,
  paths: readonly HeavyPath[],
  sum: number,
): Promise<ThreatPath[]> {
  const ways = paths.map(({ nodes }) =>
    nodes.map((node, depth) => (depth % 2 === 0 ? events : attributes)[node]!).reverse()
  );
  const names = await edges.names([...new Set(ways.flat())]);
  return paths.map(({ weight }, i) => ({
    weight,
    share: weight / sum,
    nodes: ways[i]!.map((hash) => ({ hash, label: "", ...names.get(hash) })),
  }));
}
