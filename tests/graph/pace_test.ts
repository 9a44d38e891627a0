import assert from "node:assert/strict";
import { Pace } from "../../lib/graph/pace.ts";

Deno.test("Pace breathe lets timers run once it is time, and only then", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const pace = new Pace(60);
  for (let i = 0; i < 100; i++) await pace.breathe();
  assert.equal(ticks, 0);
  work(25);
  await pace.breathe();
  assert.equal(ticks, 1);
  clearInterval(timer);
});

Deno.test("Pace isDue after ten thousand units, until the next breath", async () => {
  const pace = new Pace(60);
  assert.equal(pace.isDue(9_999), false);
  assert.equal(pace.isDue(1), true);
  assert.equal(pace.isDue(0), true);
  await pace.breathe();
  assert.equal(pace.isDue(9_999), false);
});

Deno.test("Pace is late when its time is over", () => {
  const pace = new Pace(0.01);
  assert.equal(pace.late, false);
  work(11);
  assert.equal(pace.late, true);
  assert.equal(new Pace(0).late, true);
});

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
