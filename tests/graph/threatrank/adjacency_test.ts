import { deepEqual } from "../../assert.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import { transpose } from "../../../lib/graph/threatrank/adjacency.ts";

const BUDGET = new Budget(60);

Deno.test("transpose reverses every edge", async () => {
  // 0: [2, 0], 1: [], 2: [2]
  const lists = { offsets: Uint32Array.of(0, 2, 2, 3), indices: Uint32Array.of(2, 0, 2) };
  const reversed = { offsets: Uint32Array.of(0, 1, 1, 3, 3), indices: Uint32Array.of(0, 0, 2) };
  deepEqual(await transpose(lists, 4, BUDGET), reversed);
});

Deno.test("transpose skips indices before the first row", async () => {
  const lists = { offsets: Uint32Array.of(2, 2, 3), indices: Uint32Array.of(0, 1, 1) };
  const reversed = { offsets: Uint32Array.of(0, 0, 1), indices: Uint32Array.of(1) };
  deepEqual(await transpose(lists, 2, BUDGET), reversed);
});

Deno.test("transpose of no rows is empty", async () => {
  const none = { offsets: Uint32Array.of(0), indices: new Uint32Array() };
  deepEqual(await transpose(none, 0, BUDGET), none);
});
