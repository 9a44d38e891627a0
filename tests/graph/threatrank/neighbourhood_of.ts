import { Budget } from "../../../lib/graph/budget.ts";
import { explore } from "../../../lib/graph/threatrank/explore.ts";
import type { Neighbourhood } from "../../../lib/graph/threatrank/neighbourhood.ts";
import { MemoryEdges } from "../memory_edges.ts";
import { GENEROUS } from "../threatrank_assertions.ts";
import { type EventSketch, hashOfNumber, NOW, worldFrom } from "../world.ts";

/** Explores everything around the first of the events. */
export async function neighbourhoodOf(sketches: readonly EventSketch[]): Promise<Neighbourhood> {
  const edges = new MemoryEdges(worldFrom(sketches));
  const asked = (await edges.event(hashOfNumber("e", 0), ["org"]))!;
  const budget = new Budget(60);
  const { builder } = await explore(edges, asked, { orgids: ["org"], ...GENEROUS, budget });
  return await builder.build({ now: NOW, decay: 0.5, budget });
}
