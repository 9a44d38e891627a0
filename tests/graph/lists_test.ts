import assert from "node:assert/strict";
import { transposed } from "../../lib/graph/lists.ts";

Deno.test("transposed gives the same pairs from the other side", () => {
  // 0: [2, 0], 1: [], 2: [2]
  const lists = { starts: Uint32Array.of(0, 2, 2, 3), items: Uint32Array.of(2, 0, 2) };
  const turned = { starts: Uint32Array.of(0, 1, 1, 3, 3), items: Uint32Array.of(0, 0, 2) };
  assert.deepEqual(transposed(lists, 4), turned);
});

Deno.test("transposed passes over items before the first list", () => {
  const lists = { starts: Uint32Array.of(2, 2, 3), items: Uint32Array.of(0, 1, 1) };
  const turned = { starts: Uint32Array.of(0, 0, 1), items: Uint32Array.of(1) };
  assert.deepEqual(transposed(lists, 2), turned);
});

Deno.test("transposed of no lists is empty", () => {
  const none = { starts: Uint32Array.of(0), items: new Uint32Array() };
  assert.deepEqual(transposed(none, 0), none);
});
