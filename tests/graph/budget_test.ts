import assert from "node:assert/strict";
import { Budget } from "../../lib/graph/budget.ts";

Deno.test("Budget.yieldIfDue lets timers run once it is time, and only then", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const budget = new Budget(60);
  for (let i = 0; i < 100; i++) await budget.yieldIfDue();
  assert.equal(ticks, 0);
  work(25);
  await budget.yieldIfDue();
  assert.equal(ticks, 1);
  clearInterval(timer);
});

Deno.test("Budget isDue after ten thousand units, until the next yield", async () => {
  const budget = new Budget(60);
  assert.equal(budget.isDue(9_999), false);
  assert.equal(budget.isDue(1), true);
  assert.equal(budget.isDue(0), true);
  await budget.yieldIfDue();
  assert.equal(budget.isDue(9_999), false);
});

Deno.test("Budget is expired when its time is over", () => {
  const budget = new Budget(0.01);
  assert.equal(budget.expired, false);
  work(11);
  assert.equal(budget.expired, true);
  assert.equal(new Budget(0).expired, true);
});

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
