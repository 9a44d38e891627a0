import assert from "node:assert/strict";
import { sumButterflies } from "../../../lib/graph/threatrank/butterflies.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import type { Neighbourhood } from "../../../lib/graph/threatrank/neighbourhood.ts";
import { partialSums } from "../../../lib/graph/threatrank/walk_sums.ts";
import { neighbourhoodOf } from "./neighbourhood_of.ts";

/** Every event holds every attribute. */
function dense(side: number) {
  return neighbourhoodOf(Array.from({ length: side }, (_, i) => ({
    attributes: Array.from({ length: side }, (_, a) => a),
    category: i % 2 === 1 ? "malicious" as const : "unknown" as const,
  })));
}

async function sum(graph: Neighbourhood, maxWedges: number, budget: Budget) {
  return await sumButterflies(graph, await partialSums(graph, budget), maxWedges, budget);
}

Deno.test("sumButterflies finds less, never more, where wedges or time are limited", async () => {
  const graph = await dense(60);
  const whole = await sum(graph, Infinity, new Budget(60));
  assert.equal(whole.cut, undefined);
  const late = await sum(graph, Infinity, new Budget(0));
  assert.equal(late.cut, "deadline");
  assert.ok(late.sum < whole.sum);
  let before = 0;
  for (const maxWedges of [0, 100, 1000, 10_000, 30_000]) {
    const bounded = await sum(graph, maxWedges, new Budget(60));
    assert.equal(bounded.cut, "bounded");
    assert.ok(before <= bounded.sum && bounded.sum < whole.sum);
    before = bounded.sum;
  }
  assert.ok(before > 0);
});

Deno.test("sumButterflies lets timers run all the while", async () => {
  const graph = await dense(400);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await sum(graph, Infinity, new Budget(60));
  clearInterval(timer);
  assert.ok(ticks >= 3, `${ticks}`);
});
