import { type AskedAttributes, type EventFilter, type Graph, holderFilter } from "./graph.ts";

/** Counts the events that pass the filter and hold any of the attributes in the context, without a cap. */
export async function count(
  graph: Graph,
  asked: AskedAttributes,
  filter: EventFilter,
): Promise<bigint> {
  return BigInt(await graph.countHolders(holderFilter(asked), filter));
}
