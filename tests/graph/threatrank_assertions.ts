import assert from "node:assert/strict";
import type { ThreatRank } from "../../lib/graph/threatrank.ts";
import type { OraclePath } from "./oracle.ts";

export const generous = { maxEvents: 1e6, maxEdges: 1e6, maxWedges: 1e6, deadline: 60 };

const TOLERANCE = 1e-12;

/** Equal but for a relative 1e-12; where 0 is wanted, exactly. */
export function assertClose(found: number | undefined, wanted: number): void {
  assert.ok(found !== undefined && isClose(found, wanted), `${found} is not ${wanted}`);
}

export function isClose(found: number, wanted: number): boolean {
  if (wanted === 0) return Object.is(found, 0);
  return Math.abs(found - wanted) <= TOLERANCE * Math.abs(wanted);
}

/** The paths are the ten heaviest of all, which of equally heavy ones is open. */
export function assertEvidence({ rank, paths }: ThreatRank, all: readonly OraclePath[]): void {
  const sorted = all.toSorted((a, b) => b.weight - a.weight);
  assert.equal(paths.length, Math.min(10, all.length));
  const weights = new Map(all.map(({ nodes, weight }) => [nodes.join(), weight]));
  const found = new Set<string>();
  for (const [i, { weight, share, nodes }] of paths.entries()) {
    const way = nodes.map((node) => node.hash).join();
    assertClose(weight, weights.get(way) ?? NaN);
    assertClose(weight, sorted[i]!.weight);
    assertClose(share, weight / -rank);
    found.add(way);
  }
  assert.equal(found.size, paths.length);
}
