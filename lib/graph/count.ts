import { type AskedAttribute, type EventFilter, type Graph, holderFilter } from "./graph.ts";

/** Counts the events that pass the filter and hold the attribute in its context, without a cap. */
export async function count(
  graph: Graph,
  asked: AskedAttribute,
  filter: EventFilter,
): Promise<bigint> {
  return BigInt(await graph.countHolders(holderFilter(asked), filter));
}
