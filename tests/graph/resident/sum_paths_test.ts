import { ok } from "../../assert.ts";
import fc from "fast-check";
import { Budget } from "../../../lib/graph/budget.ts";
import { ResidentGraph } from "../../../lib/graph/resident/resident_graph.ts";
import { sumPaths } from "../../../lib/graph/resident/sum_paths.ts";
import { computeVectors } from "../../../lib/graph/resident/vectors.ts";
import type { Hash } from "../../../lib/tahoe/instance.ts";
import { DECAYS, WORLDS } from "../arbitrary_world.ts";
import { oracleRank } from "../oracle.ts";
import { assertClose } from "../threatrank_assertions.ts";
import { NOW, visibleEvents, type World } from "../world.ts";

const ORGIDS = ["org", "other"];
const BUDGET = new Budget(600);

/** Adds a world's events and objects in turns, as a store may show them. */
function toGraph(world: World): ResidentGraph {
  const graph = new ResidentGraph();
  const addObject = (object: Hash) => graph.addObject(graph.numberOf(object));
  for (const object of [...world.objects].slice(1)) addObject(object);
  for (const event of world.events) {
    if (!Number.isFinite(event.timestamp)) continue;
    graph.add({ ...event, references: event.references.map((hash) => graph.numberOf(hash)) });
  }
  for (const object of world.objects) addObject(object);
  return graph;
}

for (const hubEvents of [2, 3, 1e9]) {
  Deno.test(`sumPaths equals the formula over every path, with hubs of ${hubEvents} events`, async () => {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(WORLDS, DECAYS, async (world, decay) => {
        const events = visibleEvents(world, ORGIDS);
        const graph = toGraph(world);
        const vectors = await computeVectors(await graph.arrays(BUDGET), {
          organisations: graph.organisations(ORGIDS),
          now: NOW,
          decay,
          budget: BUDGET,
          hubEvents,
        });
        for (const { hash, category } of events) {
          if (category === "malicious") continue;
          const rank = oracleRank(events, hash, { now: NOW, decay });
          const sum = await sumPaths(vectors, graph.events.find(hash)!, BUDGET);
          assertClose(sum, rank === 0 ? 0 : -rank);
          if (sum > 0) reached++;
        }
      }),
      { seed: 11, numRuns: 1000 },
    );
    ok(reached > 500, String(reached));
  });
}
