import { chunks } from "../chunks.ts";
import type { FoundAttribute } from "../graph/found.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import { attribute, type AttributeName } from "../tahoe/attribute.ts";

/** Attributes that are counted at once. */
const CHUNK_SIZE = 2000;

/** Finds those attributes of each list that events hold, in the list's order. */
export async function findHeld(
  graph: Graph,
  lists: readonly (readonly AttributeName[])[],
  filter: EventFilter,
): Promise<readonly (readonly FoundAttribute[])[]> {
  const groups = new Map(lists.flat().map((each) => [keyOf(each), [hashOf(each)]]));
  const counts = new Map<string, number>();
  for await (const chunk of chunks([...groups], CHUNK_SIZE)) {
    const sightings = await graph.sightings(chunk.map(([, group]) => group), filter);
    for (const [index, [key]] of chunk.entries()) counts.set(key, sightings[index]!.events);
  }
  return lists.map((list) =>
    list.map((each) => ({ ...each, events: counts.get(keyOf(each)) ?? 0 }))
      .filter(({ events }) => events > 0)
  );
}

function keyOf({ subType, data }: AttributeName): string {
  return `${subType} ${data}`;
}

function hashOf({ subType, data }: AttributeName): string {
  return attribute(subType, data)._hash;
}
