import { equal, ok } from "../../assert.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import { sumButterflies } from "../../../lib/graph/threatrank/butterflies.ts";
import type { Neighbourhood } from "../../../lib/graph/threatrank/neighbourhood.ts";
import { partialSums } from "../../../lib/graph/threatrank/walk_sums.ts";
import { neighbourhoodOf } from "./neighbourhood_of.ts";

/** Makes a graph in which every event holds every attribute. */
function denseGraph(side: number) {
  return neighbourhoodOf(Array.from({ length: side }, (_, i) => ({
    attributes: Array.from({ length: side }, (_, a) => a),
    category: i % 2 === 1 ? "malicious" as const : "unknown" as const,
  })));
}

async function sum(graph: Neighbourhood, maxWedges: number, budget: Budget) {
  return await sumButterflies(graph, await partialSums(graph, budget), { maxWedges, budget });
}

Deno.test("sumButterflies finds less, never more, if wedges or time are limited", async () => {
  const graph = await denseGraph(60);
  const whole = await sum(graph, Infinity, new Budget(60));
  equal(whole.cut, undefined);
  const late = await sum(graph, Infinity, new Budget(0));
  equal(late.cut, "deadline");
  ok(late.sum < whole.sum, String(late.sum));
  let before = 0;
  for (const maxWedges of [0, 100, 1000, 10_000, 30_000]) {
    const bounded = await sum(graph, maxWedges, new Budget(60));
    equal(bounded.cut, "bounded");
    ok(before <= bounded.sum && bounded.sum < whole.sum, String(bounded.sum));
    before = bounded.sum;
  }
  ok(before > 0, String(before));
});

Deno.test("sumButterflies lets timers run while it works", async () => {
  const graph = await denseGraph(400);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await sum(graph, Infinity, new Budget(60));
  clearInterval(timer);
  ok(ticks >= 3, String(ticks));
});
