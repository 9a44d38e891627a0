import type { OpenGraph } from "./open_graph.ts";
import { againstOracle } from "./reports/against_oracle.ts";
import { againstVectors } from "./reports/against_vectors.ts";
import { testOn } from "./test_on.ts";

/** Counts and related instances over a backend. `runs`: how many random archives to try. */
export function reportsSuite(name: string, open: OpenGraph, { runs }: { runs: number }): void {
  const test = testOn(name, open);
  againstVectors(test);
  againstOracle(test, open, runs);
}
