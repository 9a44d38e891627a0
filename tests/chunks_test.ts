import { deepEqual, equal } from "./assert.ts";
import { chunks, chunksByBytes } from "../lib/chunks.ts";

Deno.test("chunks yields every item once, in order", async () => {
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

Deno.test("chunks lets timers run between chunks", async () => {
  let fired = false;
  const timer = setTimeout(() => fired = true, 0);
  const end = performance.now() + 5000;
  for await (const _chunk of chunks(Array.from({ length: 1_000_000 }), 1)) {
    if (fired || performance.now() > end) break;
  }
  clearTimeout(timer);
  equal(fired, true);
});

const LIMITS = { maxItems: 3, maxBytes: 10, bytesOf: (item: string) => item.length };

Deno.test("chunksByBytes keeps both limits, but for a single item that is larger", async () => {
  const table: [items: string[], wanted: string[][]][] = [
    [[], []],
    [["a"], [["a"]]],
    [["a", "b", "c", "d"], [["a", "b", "c"], ["d"]]],
    [["12345", "12345", "1"], [["12345", "12345"], ["1"]]],
    [["1", "1234567890", "1"], [["1"], ["1234567890"], ["1"]]],
    [["12345678901", "1", "12345678901"], [["12345678901"], ["1"], ["12345678901"]]],
    [["", "", "", ""], [["", "", ""], [""]]],
  ];
  for (const [items, wanted] of table) {
    deepEqual(await Array.fromAsync(chunksByBytes(items, LIMITS)), wanted);
  }
});

Deno.test("chunksByBytes takes items that come one by one", async () => {
  async function* items() {
    for (const item of ["a", "b", "c", "d"]) yield await Promise.resolve(item);
  }
  deepEqual(await Array.fromAsync(chunksByBytes(items(), LIMITS)), [["a", "b", "c"], ["d"]]);
});

Deno.test("chunksByBytes lets timers run between chunks", async () => {
  let fired = false;
  const timer = setTimeout(() => fired = true, 0);
  const end = performance.now() + 5000;
  const limits = { maxItems: 1, maxBytes: 1, bytesOf: () => 1 };
  for await (const _chunk of chunksByBytes(Array.from({ length: 1_000_000 }), limits)) {
    if (fired || performance.now() > end) break;
  }
  clearTimeout(timer);
  equal(fired, true);
});
