import { deepEqual } from "node:assert/strict";
import { Counter } from "../../lib/metrics/counter.ts";

const about = { name: "a_total", help: "A." };

Deno.test("Counter counts each set of labels by itself, in whatever order they are named", () => {
  const counter = new Counter(about, []);
  counter.add({ a: "1", b: "2" });
  counter.add({ b: "2", a: "1" }, 2);
  counter.add({ a: "1" });
  deepEqual(counter.family().samples, [
    { labels: { a: "1", b: "2" }, value: 3 },
    { labels: { a: "1" }, value: 1 },
  ]);
});

Deno.test("Counter shows what it knows of at 0 before it is counted", () => {
  deepEqual(new Counter(about).family().samples, [{ labels: {}, value: 0 }]);
  const known = new Counter(about, [{ a: "1" }, { a: "2" }]);
  known.add({ a: "2" });
  deepEqual(known.family().samples.map(({ value }) => value), [0, 1]);
});
