import type { FoundAttribute } from "../graph/found.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import { containingNetworks } from "../indicators/containing_networks.ts";
import { attribute, type AttributeName } from "../tahoe/attribute.ts";

/**
 * Finds, for each address or network in its normal form, the networks that contain it and that events
 * hold, the smallest first. Nothing for other attributes.
 */
export async function findNetworks(
  graph: Graph,
  names: readonly AttributeName[],
  filter: EventFilter,
): Promise<readonly (readonly FoundAttribute[])[]> {
  const networks = new Map(
    names.flatMap(containingNetworks).map((each) => [String(each.data), each]),
  );
  if (networks.size === 0) return names.map(() => []);
  const groups = [...networks.values()].map((
    { subType, data },
  ) => [attribute(subType, data)._hash]);
  const sightings = await graph.sightings(groups, filter);
  const counts = new Map(
    [...networks.keys()].map((data, index) => [data, sightings[index]!.events]),
  );
  return names.map((name) =>
    containingNetworks(name)
      .map((each) => ({ ...each, events: counts.get(String(each.data)) ?? 0 }))
      .filter(({ events }) => events > 0)
  );
}
