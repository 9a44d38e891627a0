import type { Budget } from "../budget.ts";
import { type Csr, transpose } from "./adjacency.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { PartialSums } from "./walk_sums.ts";

export type ButterflySum = {
  /** Σ of the walks that were found: of all walks, unless the sum was cut. */
  readonly sum: number;
  /** What kept the sum from being complete. */
  readonly cut: "bounded" | "deadline" | undefined;
};

export type ButterflyOptions = {
  /** Most wedges to examine before the sum is cut. */
  readonly maxWedges: number;
  readonly budget: Budget;
};

/**
 * Sums the walks p–c–e2–b–e1–a–m with a = c or m = e2. Each lies on a butterfly: two events u, v
 * that share two attributes x, y. With a node's weight w, its threat or start t, and q = t · what
 * reaches or threatens it, the walks of one butterfly add up to
 *
 *     w(x) w(y) w(u) w(v) [2 (q(x) + q(y) + q(u) + q(v)) − 3 (t(x) + t(y)) (t(u) + t(v))]
 *
 * Every butterfly is found once, from its node of the highest degree, as Chiba and Nishizeki list
 * quadrangles (Arboricity and subgraph listing algorithms, 1985). Hubs cost little, since a wedge is
 * seen only from its end of the higher degree. Many nodes with many common neighbours are expensive;
 * hence `maxWedges`.
 */
export async function sumButterflies(
  graph: Neighbourhood,
  partial: PartialSums,
  { maxWedges, budget }: ButterflyOptions,
): Promise<ButterflySum> {
  const nodes = await rankNodes(graph, partial, budget);
  await budget.yieldIfDue();
  const common = new CommonNeighbours(nodes);
  const { offsets, indices } = nodes.neighbours;
  let sum = 0;
  let wedges = 0;
  for (let x = 0; x < nodes.weights.length; x++) {
    for (let i = offsets[x + 1]! - 1; i >= offsets[x]! && indices[i]! > x; i--) {
      const found = common.add(x, indices[i]!);
      wedges += found;
      if (wedges > maxWedges) return { sum: sum + common.takeSum(x), cut: "bounded" };
      if (!budget.isDue(4 * found)) continue;
      await budget.yieldIfDue();
      if (budget.expired) return { sum: sum + common.takeSum(x), cut: "deadline" };
    }
    sum += common.takeSum(x);
  }
  return { sum, cut: undefined };
}

/** The attributes b and their events, in descending order of degree. */
type RankedNodes = {
  /** Each list is in ascending order. */
  readonly neighbours: Csr;
  readonly weights: Float64Array;
  /** t: the start of an attribute, the threat of an event. */
  readonly marks: Float64Array;
  /** q: an attribute's start times what threatens it, an event's threat times what reaches it. */
  readonly products: Float64Array;
};

async function rankNodes(
  graph: Neighbourhood,
  partial: PartialSums,
  budget: Budget,
): Promise<RankedNodes> {
  const attributeCount = graph.attributes.length;
  const order = sortByDegree(graph, partial.middle);
  const ranks = new Int32Array(attributeCount + graph.events.length).fill(-1);
  order.forEach((id, i) => ranks[id] = i);
  const attributeRanks = ranks.subarray(0, attributeCount);
  const eventRanks = ranks.subarray(attributeCount);
  const weights = new Float64Array(order.length);
  const marks = new Float64Array(order.length);
  const products = new Float64Array(order.length);
  const offsets = new Uint32Array(order.length + 1);
  const indices: number[] = [];
  order.forEach((id, i) => {
    const isEvent = id >= attributeCount;
    const node = isEvent ? id - attributeCount : id;
    weights[i] = (isEvent ? graph.eventWeights : graph.attributeWeights)[node]!;
    marks[i] = (isEvent ? graph.threats : partial.starts)[node]!;
    products[i] = marks[i]! * (isEvent ? partial.reached : partial.threatened)[node]!;
    const lists = isEvent ? graph.attributesOf : graph.eventsOf;
    const others = isEvent ? attributeRanks : eventRanks;
    for (let k = lists.offsets[node]!; k < lists.offsets[node + 1]!; k++) {
      const other = others[lists.indices[k]!]!;
      if (other >= 0) indices.push(other);
    }
    offsets[i + 1] = indices.length;
  });
  // The graph is undirected, so transposing only sorts every list.
  const lists = { offsets, indices: Uint32Array.from(indices) };
  const neighbours = await transpose(lists, order.length, budget);
  return { neighbours, weights, marks, products };
}

/** More than there can be nodes; multiplied by any degree, it is still an exact number. */
const ID_SPAN = 2 ** 26;

/** Returns ids: attributes keep their index; events are offset by the number of attributes. */
function sortByDegree({ attributes, events, eventsOf }: Neighbourhood, middle: readonly number[]) {
  const degrees = new Uint32Array(attributes.length + events.length);
  for (const b of middle) {
    degrees[b] = eventsOf.offsets[b + 1]! - eventsOf.offsets[b]!;
    for (let k = eventsOf.offsets[b]!; k < eventsOf.offsets[b + 1]!; k++) {
      degrees[attributes.length + eventsOf.indices[k]!]!++;
    }
  }
  // Sorting numbers is many times faster than sorting with a comparison function.
  const keys: number[] = [];
  degrees.forEach((degree, id) => degree > 0 && keys.push(id - degree * ID_SPAN));
  return Uint32Array.from(Float64Array.from(keys).sort(), (key) => key & (ID_SPAN - 1));
}

/** Sums over the pairs of neighbours that a node x shares with each other node. */
class CommonNeighbours {
  readonly #nodes: RankedNodes;
  /**
   * Six numbers per node: Σ w, Σ w q, Σ w t over common neighbours; over pairs of them Σ w w,
   * Σ w w (q + q), Σ w w (t + t).
   */
  readonly #sums: Float64Array;
  readonly #touched: Uint32Array;
  #count = 0;

  constructor(nodes: RankedNodes) {
    this.#nodes = nodes;
    this.#sums = new Float64Array(6 * nodes.weights.length);
    this.#touched = new Uint32Array(nodes.weights.length);
  }

  /** Adds the wedges from x over y to nodes of lower degree than x; returns how many there are. */
  add(x: number, y: number): number {
    const { neighbours: { offsets, indices }, weights, marks, products } = this.#nodes;
    const sums = this.#sums;
    const weight = weights[y]!;
    if (weight === 0) return 0;
    const product = weight * products[y]!;
    const mark = weight * marks[y]!;
    let k = offsets[y + 1]! - 1;
    for (; k >= offsets[y]! && indices[k]! > x; k--) {
      const slot = 6 * indices[k]!;
      const common = sums[slot]!;
      if (common === 0) this.#touched[this.#count++] = indices[k]!;
      sums[slot + 3]! += weight * common;
      sums[slot + 4]! += weight * sums[slot + 1]! + product * common;
      sums[slot + 5]! += weight * sums[slot + 2]! + mark * common;
      sums[slot] = common + weight;
      sums[slot + 1]! += product;
      sums[slot + 2]! += mark;
    }
    return offsets[y + 1]! - 1 - k;
  }

  /** Returns the sum over the butterflies of x, and starts again from zero. */
  takeSum(x: number): number {
    const { weights, marks, products } = this.#nodes;
    const sums = this.#sums;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const z = this.#touched[i]!;
      const slot = 6 * z;
      const product = products[x]! + products[z]!;
      const mark = marks[x]! + marks[z]!;
      sum += weights[z]! *
        (2 * (product * sums[slot + 3]! + sums[slot + 4]!) - 3 * mark * sums[slot + 5]!);
      sums.fill(0, slot, slot + 6);
    }
    this.#count = 0;
    return weights[x]! * sum;
  }
}
