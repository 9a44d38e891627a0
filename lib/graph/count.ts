import { type Asked, heldBy } from "./asked.ts";
import type { EventFilter, Graph } from "./graph.ts";

/** How many of the chosen events hold the attribute in its context: all of them, without a cap. */
export async function count(graph: Graph, asked: Asked, filter: EventFilter): Promise<bigint> {
  return BigInt(await graph.countHolders(heldBy(asked), filter));
}
