import { equal, ok } from "../assert.ts";
import type { ThreatRank } from "../../lib/graph/threatrank.ts";
import type { OraclePath } from "./oracle.ts";

/** Limits that no test reaches. */
export const GENEROUS = { maxEvents: 1e6, maxEdges: 1e6, maxWedges: 1e6, deadline: 60 };

const TOLERANCE = 1e-12;

/** Asserts equality up to a relative difference of 1e-12; 0 must be exact. */
export function assertClose(found: number | undefined, wanted: number): void {
  ok(found !== undefined && isClose(found, wanted), `${found} is not ${wanted}`);
}

export function isClose(found: number, wanted: number): boolean {
  if (wanted === 0) return Object.is(found, 0);
  return Math.abs(found - wanted) <= TOLERANCE * Math.abs(wanted);
}

/** Asserts that the paths are the ten heaviest ones; equally heavy ones may replace each other. */
export function assertEvidence({ rank, paths }: ThreatRank, all: readonly OraclePath[]): void {
  const sorted = all.toSorted((a, b) => b.weight - a.weight);
  equal(paths.length, Math.min(10, all.length));
  const weights = new Map(all.map(({ nodes, weight }) => [nodes.join(), weight]));
  const found = new Set<string>();
  for (const [i, { weight, share, nodes }] of paths.entries()) {
    const path = nodes.map((node) => node.hash).join();
    assertClose(weight, weights.get(path) ?? NaN);
    assertClose(weight, sorted[i]!.weight);
    assertClose(share, weight / -rank);
    found.add(path);
  }
  equal(found.size, paths.length);
}
