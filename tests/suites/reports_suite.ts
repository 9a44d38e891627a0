import type { OpenGraph } from "./open_graph.ts";
import { oracleTests } from "./reports/oracle_tests.ts";
import { vectorTests } from "./reports/vector_tests.ts";
import { testOn } from "./test_on.ts";

/** Registers tests of count and related over a backend, on `runs` random archives among others. */
export function reportsSuite(name: string, open: OpenGraph, { runs }: { runs: number }): void {
  const test = testOn(name, open);
  vectorTests(test);
  oracleTests(test, open, runs);
}
