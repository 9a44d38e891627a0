import type { FoundAttribute } from "../graph/found.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import { type Meaning, meaning, NotUnderstood } from "../indicators/meaning.ts";
import { attribute } from "../tahoe/attribute.ts";

/**
 * What a value means under each of several kinds, and the number of events that hold it, those in most
 * events first. Kinds that it cannot be of are left out.
 */
export async function possibleKinds(
  value: string,
  kinds: readonly string[],
  { graph, filter }: { readonly graph: Pick<Graph, "sightings">; readonly filter: EventFilter },
): Promise<readonly FoundAttribute[]> {
  const meanings = kinds.map((kind) => meaningAs(kind, value)).filter((each) => each !== undefined);
  if (meanings.length === 0) return [];
  const groups = meanings.map(({ attributes }) =>
    attributes.map(({ subType, data }) => attribute(subType, data)._hash)
  );
  const sightings = await graph.sightings(groups, filter);
  return meanings.map(({ normal }, at) => ({ ...normal, events: sightings[at]!.events }))
    .sort((a, b) => b.events - a.events);
}

function meaningAs(kind: string, value: string): Meaning | undefined {
  try {
    return meaning(kind, value);
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}
