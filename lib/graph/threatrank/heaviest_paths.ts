import type { Budget } from "../budget.ts";
import type { PathGraph, WeightBounds } from "./path_bounds.ts";
import { type HeavyPath, PathSearch } from "./path_search.ts";

export type HeaviestPaths = {
  /** In descending order of weight; equally heavy ones in the order of their nodes' hashes. */
  readonly paths: readonly HeavyPath[];
  /** True if the search ended before it had found as many paths as were wanted. */
  readonly cut: boolean;
};

export type HeaviestPathsOptions = {
  /** The asked event. */
  readonly asked: number;
  readonly bounds: WeightBounds;
  /** Number of paths wanted. */
  readonly count: number;
  /** Most beginnings of paths to examine before the search is cut. */
  readonly maxExpansions: number;
  readonly budget: Budget;
};

/**
 * Finds the heaviest paths by a best-first search: it examines the beginnings of paths in the order
 * of what their paths can weigh at most. This bound ignores that nodes must not repeat, which makes
 * the search examine more of them.
 */
export async function heaviestPaths(
  graph: PathGraph,
  { asked, bounds, count, maxExpansions, budget }: HeaviestPathsOptions,
): Promise<HeaviestPaths> {
  const search = new PathSearch(graph, bounds, asked);
  const paths: HeavyPath[] = [];
  for (let i = 0; paths.length < count; i++) {
    if (search.isOver) break;
    if (i === maxExpansions) return { paths, cut: true };
    const path = search.expand();
    if (path !== undefined) paths.push(path);
    if (budget.isDue(1000)) await budget.yieldIfDue();
  }
  return { paths, cut: false };
}
