import type { AttributeName } from "../tahoe/attribute.ts";
import { type AskedAttributes, type EventFilter, type Graph, holderFilter } from "./graph.ts";

/** An asked attribute, and how many of the events that pass the filter hold it. */
export type FoundAttribute = AttributeName & { readonly events: number };

/** What a question found: the asked attributes that events hold, and the number of these events. */
export type Found = { readonly attributes: readonly FoundAttribute[]; readonly events: number };

/** Finds those of the asked attributes that events hold. An event that holds several counts once. */
export async function findAsked(
  graph: Graph,
  { attributes, context }: AskedAttributes,
  filter: EventFilter,
): Promise<Found> {
  const counted = await Promise.all(attributes.map(async (each) => ({
    ...each,
    events: await graph.countHolders(holderFilter({ attributes: [each], context }), filter),
  })));
  const found = counted.filter(({ events }) => events > 0);
  if (found.length < 2) return { attributes: found, events: found[0]?.events ?? 0 };
  const held = holderFilter({ attributes: found, context });
  return { attributes: found, events: await graph.countHolders(held, filter) };
}
