import { explore } from "../../lib/graph/explore.ts";
import type { Neighbourhood } from "../../lib/graph/neighbourhood.ts";
import { Pace } from "../../lib/graph/pace.ts";
import { MemoryEdges } from "./memory_edges.ts";
import { generous } from "./threatrank_assertions.ts";
import { type EventSketch, hashOfNumber, now, worldFrom } from "./world.ts";

/** What lies around the first of the events, all of it. */
export async function neighbourhoodOf(sketches: readonly EventSketch[]): Promise<Neighbourhood> {
  const edges = new MemoryEdges(worldFrom(sketches));
  const asked = (await edges.event(hashOfNumber("e", 0), ["org"]))!;
  const pace = new Pace(60);
  const { gathering } = await explore(edges, asked, { orgids: ["org"], ...generous }, pace);
  return await gathering.finish(now, 0.5, pace);
}
