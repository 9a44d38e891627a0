import { findBounds, type WeightBounds } from "../threatrank/path_bounds.ts";
import { HubSums } from "./hub_sums.ts";
import { loopsFromAll } from "./loop_vector.ts";
import type { GraphArrays } from "./resident_graph.ts";
import { walksFromAll, type WalkVectors } from "./walk_vectors.ts";
import { weigh, type WeighOptions, type Weights } from "./weights.ts";

/**
 * Everything about a graph that does not depend on the asked event, as some organisations see it at
 * one time. Walks may lead over the asked event: what these add is subtracted for each question.
 */
export type Vectors = {
  readonly graph: GraphArrays;
  readonly weights: Weights;
  readonly walks: WalkVectors;
  /** Σ over the walks of three events that are not paths, by attribute. */
  readonly loops: Float64Array;
  readonly bounds: WeightBounds;
  readonly hubs: HubSums;
};

/** Bytes of the vectors of a graph: five numbers for each event, twelve for each reference. */
export function vectorBytes(
  { events, references }: { events: number; references: number },
): number {
  return 8 * (5 * events + 12 * references);
}

export async function computeVectors(
  graph: GraphArrays,
  options: WeighOptions & { readonly hubEvents: number },
): Promise<Vectors> {
  const { budget, hubEvents } = options;
  const weights = await weigh(graph, options);
  const walks = await walksFromAll(graph, weights, budget);
  const loops = await loopsFromAll(graph, weights, { one: walks.one, budget });
  const bounds = await findBounds({
    attributesOf: graph.referencesOf,
    eventsOf: graph.eventsOf,
    eventWeights: weights.events,
    attributeWeights: weights.attributes,
    threats: weights.threats,
  }, budget);
  return { graph, weights, walks, loops, bounds, hubs: new HubSums(graph, weights, hubEvents) };
}
