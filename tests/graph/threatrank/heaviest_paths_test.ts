import assert from "node:assert/strict";
import { heaviestPaths } from "../../../lib/graph/threatrank/heaviest_paths.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import { neighbourhoodOf } from "./neighbourhood_of.ts";
import type { EventSketch } from "../world.ts";

const malicious: EventSketch = { attributes: [0, 1], category: "malicious" };
const twins = [{ attributes: [0] }, malicious, malicious, malicious];

async function search(sketches: readonly EventSketch[], count: number, maxExpansions: number) {
  const graph = await neighbourhoodOf(sketches);
  return await heaviestPaths(graph, { count, maxExpansions }, new Budget(60));
}

Deno.test("heaviestPaths gives as many as are wanted, the heaviest first", async () => {
  const { paths: all, cut } = await search(twins, 100, 1e6);
  assert.equal(cut, false);
  assert.equal(all.length, 3 + 6);
  assert.deepEqual(all.map(({ weight }) => weight), [
    ...Array(3).fill(1 / 4 / 2),
    ...Array(6).fill(1 / 4 / 2 / 3 / 2),
  ]);
  for (const count of [0, 1, 3, 4, 9]) {
    assert.deepEqual(await search(twins, count, 1e6), { paths: all.slice(0, count), cut: false });
  }
});

Deno.test("heaviestPaths says so when its expansions are used up before it is done", async () => {
  const { paths: all } = await search(twins, 9, 1e6);
  let before = -1;
  for (let maxExpansions = 0;; maxExpansions++) {
    const { paths, cut } = await search(twins, 9, maxExpansions);
    assert.deepEqual(paths, all.slice(0, paths.length));
    assert.ok(paths.length >= before);
    before = paths.length;
    if (!cut) break;
    assert.ok(paths.length < 9);
  }
  assert.equal(before, 9);
});

Deno.test("heaviestPaths of what has none is empty", async () => {
  assert.deepEqual(await search([{ attributes: [0] }], 5, 0), { paths: [], cut: false });
});

Deno.test("heaviestPaths looks at few of many equally heavy ones", async () => {
  const hub = [
    { attributes: [0] },
    ...Array<EventSketch>(1000).fill({ ...malicious, attributes: [0] }),
  ];
  const { paths, cut } = await search(hub, 3, 20);
  assert.equal(cut, false);
  assert.deepEqual(paths.map(({ nodes }) => nodes), [[0, 0, 1], [0, 0, 2], [0, 0, 3]]);
});
