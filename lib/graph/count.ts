import { type AskedAttribute, type EventFilter, type Graph, holderFilter } from "./graph.ts";

/** How many of the chosen events hold the attribute in its context: all of them, without a cap. */
export async function count(
  graph: Graph,
  asked: AskedAttribute,
  filter: EventFilter,
): Promise<bigint> {
  return BigInt(await graph.countHolders(holderFilter(asked), filter));
}
