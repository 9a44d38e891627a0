import { deepEqual, equal } from "node:assert/strict";
import { chunks } from "../lib/chunks.ts";

Deno.test("chunks has every member once, in order", async () => {
  const table: [number, number, number[][]][] = [
    [0, 3, []],
    [1, 3, [[0]]],
    [3, 3, [[0, 1, 2]]],
    [7, 3, [[0, 1, 2], [3, 4, 5], [6]]],
  ];
  for (const [count, size, wanted] of table) {
    const items = Array.from({ length: count }, (_, index) => index);
    deepEqual(await Array.fromAsync(chunks(items, size)), wanted);
  }
});

Deno.test("chunks lets timers fire on the way", async () => {
  let fired = false;
  const timer = setTimeout(() => fired = true, 0);
  const end = performance.now() + 5000;
  for await (const _one of chunks(Array.from({ length: 1_000_000 }), 1)) {
    if (fired || performance.now() > end) break;
  }
  clearTimeout(timer);
  equal(fired, true);
});
