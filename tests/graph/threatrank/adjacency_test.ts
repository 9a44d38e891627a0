import { deepEqual } from "../../assert.ts";
import { transpose } from "../../../lib/graph/threatrank/adjacency.ts";

Deno.test("transpose reverses every edge", () => {
  // 0: [2, 0], 1: [], 2: [2]
  const lists = { offsets: Uint32Array.of(0, 2, 2, 3), indices: Uint32Array.of(2, 0, 2) };
  const reversed = { offsets: Uint32Array.of(0, 1, 1, 3, 3), indices: Uint32Array.of(0, 0, 2) };
  deepEqual(transpose(lists, 4), reversed);
});

Deno.test("transpose skips indices before the first row", () => {
  const lists = { offsets: Uint32Array.of(2, 2, 3), indices: Uint32Array.of(0, 1, 1) };
  const reversed = { offsets: Uint32Array.of(0, 0, 1), indices: Uint32Array.of(1) };
  deepEqual(transpose(lists, 2), reversed);
});

Deno.test("transpose of no rows is empty", () => {
  const none = { offsets: Uint32Array.of(0), indices: new Uint32Array() };
  deepEqual(transpose(none, 0), none);
});
