import type { Budget } from "../budget.ts";
import type { Csr } from "./adjacency.ts";

/** A graph as a search for paths sees it: arrays that events and attributes index. */
export type PathGraph = {
  /** Attributes by event. */
  readonly attributesOf: Csr;
  /** Events by attribute. */
  readonly eventsOf: Csr;
  /** Factors of the nodes in the weight of a path; paths through a node of weight 0 do not exist. */
  readonly eventWeights: Float64Array;
  readonly attributeWeights: Float64Array;
  /** Factors of malicious events, 0 for others. */
  readonly threats: Float64Array;
  /** Orders the nodes of a kind by their hashes. */
  compareEvents(a: number, b: number): number;
  compareAttributes(a: number, b: number): number;
};

/**
 * Upper bounds for the weight of a path's rest, by the node where the rest begins. The lists differ
 * in the number of events that may follow after the next one: 0, 1, 2.
 */
export type WeightBounds = {
  readonly attributes: readonly Float64Array[];
  readonly events: readonly Float64Array[];
};

export async function findBounds(
  graph: Omit<PathGraph, "compareEvents" | "compareAttributes">,
  budget: Budget,
): Promise<WeightBounds> {
  const { attributesOf, eventsOf, attributeWeights, eventWeights, threats } = graph;
  const attributes: Float64Array[] = [];
  const events = [threats];
  while (true) {
    const attributeFactors = {
      weights: attributeWeights,
      neighbours: eventsOf,
      values: events.at(-1)!,
    };
    attributes.push(await multiplyByLargest(attributeFactors, budget));
    if (attributes.length === 3) return { attributes, events };
    const eventFactors = {
      weights: eventWeights,
      neighbours: attributesOf,
      values: attributes.at(-1)!,
      least: threats,
    };
    events.push(await multiplyByLargest(eventFactors, budget));
  }
}

type Factors = {
  readonly weights: Float64Array;
  readonly neighbours: Csr;
  readonly values: Float64Array;
  /** Least products, by node; 0 if left out. */
  readonly least?: Float64Array;
};

/** Multiplies each node's weight by the largest value of its neighbours. */
async function multiplyByLargest(
  { weights, neighbours: { offsets, indices }, values, least }: Factors,
  budget: Budget,
): Promise<Float64Array> {
  const products = new Float64Array(weights.length);
  for (let node = 0; node < weights.length; node++) {
    if (weights[node] === 0) continue;
    let largest = 0;
    for (let k = offsets[node]!; k < offsets[node + 1]!; k++) {
      largest = Math.max(largest, values[indices[k]!]!);
    }
    products[node] = Math.max(weights[node]! * largest, least?.[node] ?? 0);
    if (budget.isDue(1 + offsets[node + 1]! - offsets[node]!)) await budget.yieldIfDue();
  }
  return products;
}
