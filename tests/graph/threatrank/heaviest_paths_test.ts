import { deepEqual, equal, ok } from "../../assert.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import { heaviestPaths } from "../../../lib/graph/threatrank/heaviest_paths.ts";
import { findBounds } from "../../../lib/graph/threatrank/path_bounds.ts";
import type { EventSketch } from "../world.ts";
import { neighbourhoodOf } from "./neighbourhood_of.ts";

const MALICIOUS: EventSketch = { attributes: [0, 1], category: "malicious" };
/** An event beside three equal malicious ones. */
const TRIPLETS = [{ attributes: [0] }, MALICIOUS, MALICIOUS, MALICIOUS];

async function search(sketches: readonly EventSketch[], count: number, maxExpansions: number) {
  const graph = await neighbourhoodOf(sketches);
  const budget = new Budget(60);
  const bounds = await findBounds(graph, budget);
  return await heaviestPaths(graph, { asked: 0, bounds, count, maxExpansions, budget });
}

Deno.test("heaviestPaths finds as many as are wanted, the heaviest first", async () => {
  const { paths: all, cut } = await search(TRIPLETS, 100, 1e6);
  equal(cut, false);
  equal(all.length, 3 + 6);
  deepEqual(all.map(({ weight }) => weight), [
    ...Array(3).fill(1 / 4 / 2),
    ...Array(6).fill(1 / 4 / 2 / 3 / 2),
  ]);
  for (const count of [0, 1, 3, 4, 9]) {
    deepEqual(await search(TRIPLETS, count, 1e6), { paths: all.slice(0, count), cut: false });
  }
});

Deno.test("heaviestPaths is cut when its expansions are used up before it is done", async () => {
  const { paths: all } = await search(TRIPLETS, 9, 1e6);
  let before = -1;
  for (let maxExpansions = 0;; maxExpansions++) {
    const { paths, cut } = await search(TRIPLETS, 9, maxExpansions);
    deepEqual(paths, all.slice(0, paths.length));
    ok(paths.length >= before, String(paths.length));
    before = paths.length;
    if (!cut) break;
    ok(paths.length < 9, String(paths.length));
  }
  equal(before, 9);
});

Deno.test("heaviestPaths finds none in a graph without malicious events", async () => {
  deepEqual(await search([{ attributes: [0] }], 5, 0), { paths: [], cut: false });
});

Deno.test("heaviestPaths examines only a few of many equally heavy paths", async () => {
  const hub = [
    { attributes: [0] },
    ...Array<EventSketch>(1000).fill({ ...MALICIOUS, attributes: [0] }),
  ];
  const { paths, cut } = await search(hub, 3, 20);
  equal(cut, false);
  deepEqual(paths.map(({ nodes }) => nodes), [[0, 0, 1], [0, 0, 2], [0, 0, 3]]);
});
