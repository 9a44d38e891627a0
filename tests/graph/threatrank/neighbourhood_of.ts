import { explore } from "../../../lib/graph/threatrank/explore.ts";
import type { Neighbourhood } from "../../../lib/graph/threatrank/neighbourhood.ts";
import { Budget } from "../../../lib/graph/budget.ts";
import { MemoryEdges } from "../memory_edges.ts";
import { generous } from "../threatrank_assertions.ts";
import { type EventSketch, hashOfNumber, now, worldFrom } from "../world.ts";

/** What lies around the first of the events, all of it. */
export async function neighbourhoodOf(sketches: readonly EventSketch[]): Promise<Neighbourhood> {
  const edges = new MemoryEdges(worldFrom(sketches));
  const asked = (await edges.event(hashOfNumber("e", 0), ["org"]))!;
  const budget = new Budget(60);
  const { gathering } = await explore(edges, asked, { orgids: ["org"], ...generous }, budget);
  return await gathering.build(now, 0.5, budget);
}
