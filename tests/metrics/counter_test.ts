import { deepEqual } from "../assert.ts";
import { Counter } from "../../lib/metrics/counter.ts";

const INFO = { name: "a_total", help: "A." };

Deno.test("Counter counts each set of labels separately, whatever their order", () => {
  const counter = new Counter(INFO, []);
  counter.add({ a: "1", b: "2" });
  counter.add({ b: "2", a: "1" }, 2);
  counter.add({ a: "1" });
  deepEqual(counter.family().samples, [
    { labels: { a: "1", b: "2" }, value: 3 },
    { labels: { a: "1" }, value: 1 },
  ]);
});

Deno.test("Counter shows its initial labels at 0", () => {
  deepEqual(new Counter(INFO).family().samples, [{ labels: {}, value: 0 }]);
  const counter = new Counter(INFO, [{ a: "1" }, { a: "2" }]);
  counter.add({ a: "2" });
  deepEqual(counter.family().samples.map(({ value }) => value), [0, 1]);
});
