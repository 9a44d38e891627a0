import { equal } from "../assert.ts";
import { Budget } from "../../lib/graph/budget.ts";

Deno.test("Budget.yieldIfDue lets timers run once 20 ms have passed, and not before", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const budget = new Budget(60);
  for (let i = 0; i < 100; i++) await budget.yieldIfDue();
  equal(ticks, 0);
  workFor(25);
  await budget.yieldIfDue();
  equal(ticks, 1);
  clearInterval(timer);
});

Deno.test("Budget.isDue is true from ten thousand units until the next yield", async () => {
  const budget = new Budget(60);
  equal(budget.isDue(9_999), false);
  equal(budget.isDue(1), true);
  equal(budget.isDue(0), true);
  await budget.yieldIfDue();
  equal(budget.isDue(9_999), false);
});

Deno.test("Budget.expired is true once the time is over", () => {
  const budget = new Budget(0.01);
  equal(budget.expired, false);
  workFor(11);
  equal(budget.expired, true);
  equal(new Budget(0).expired, true);
});

function workFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
