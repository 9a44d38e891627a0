import type { PageRank } from "../answer.ts";
import { rankText } from "../numbers.ts";
import { doubtTexts } from "./doubts.ts";

/**
 * Puts ranks of which the same is said together, each group where the first of it was. One with paths
 * is by itself.
 */
export function groupRanks(ranks: readonly PageRank[]): readonly (readonly PageRank[])[] {
  return [...Map.groupBy(ranks, keyOf).values()];
}

function keyOf(ranked: PageRank): string {
  const { hash, rank, paths } = ranked;
  return paths.length > 0 ? hash : JSON.stringify([rankText(rank), doubtTexts(ranked)]);
}
