import { type Csr, transpose } from "./adjacency.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { Budget } from "../budget.ts";
import type { PartialSums } from "./walk_sums.ts";

export type ButterflySum = {
  /** Σ of the walks that were found; nothing is missing unless it was cut. */
  readonly sum: number;
  readonly cut: "bounded" | "deadline" | undefined;
};

/**
 * Σ of the walks p–c–e2–b–e1–a–m with a = c or m = e2. Each lies on a butterfly, two events u, v
 * that share two attributes x, y. With a node's weight w, its threat or start t, and q = t · what
 * reaches or threatens it, those of one butterfly add up to
 *
 *     w(x) w(y) w(u) w(v) [2 (q(x) + q(y) + q(u) + q(v)) − 3 (t(x) + t(y)) (t(u) + t(v))]
 *
 * Every butterfly is met once, from its node of the highest degree, as Chiba and Nishizeki list
 * quadrangles (Arboricity and subgraph listing algorithms, 1985): hubs cost little, since a wedge is
 * seen from its end of the higher degree only. Many nodes with many common neighbours do cost:
 * after `maxWedges` it stops.
 */
export async function sumButterflies(
  graph: Neighbourhood,
  at: PartialSums,
  maxWedges: number,
  budget: Budget,
): Promise<ButterflySum> {
  const nodes = rankNodes(graph, at);
  await budget.yieldIfDue();
  const pairs = new Pairs(nodes);
  const { offsets, indices } = nodes.neighbours;
  let sum = 0;
  let wedges = 0;
  for (let x = 0; x < nodes.weights.length; x++) {
    for (let i = offsets[x + 1]! - 1; i >= offsets[x]! && indices[i]! > x; i--) {
      const found = pairs.add(x, indices[i]!);
      wedges += found;
      if (wedges > maxWedges) return { sum: sum + pairs.take(x), cut: "bounded" };
      if (!budget.isDue(4 * found)) continue;
      await budget.yieldIfDue();
      if (budget.expired) return { sum: sum + pairs.take(x), cut: "deadline" };
    }
    sum += pairs.take(x);
  }
  return { sum, cut: undefined };
}

/** The attributes b and the events around them, those of the highest degree first. */
type RankedNodes = {
  /** Each list in the order of the nodes. */
  readonly neighbours: Csr;
  readonly weights: Float64Array;
  /** t: an attribute's start, an event's threat. */
  readonly marks: Float64Array;
  /** q: an attribute's start times what threatens it, an event's threat times what reaches it. */
  readonly products: Float64Array;
};

function rankNodes(graph: Neighbourhood, at: PartialSums): RankedNodes {
  const attributeCount = graph.attributes.length;
  const order = byDegree(graph, at.middle);
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
    marks[i] = (isEvent ? graph.threats : at.starts)[node]!;
    products[i] = marks[i]! * (isEvent ? at.reached : at.threatened)[node]!;
    const lists = isEvent ? graph.attributesOf : graph.eventsOf;
    const others = isEvent ? attributeRanks : eventRanks;
    for (let k = lists.offsets[node]!; k < lists.offsets[node + 1]!; k++) {
      const other = others[lists.indices[k]!]!;
      if (other >= 0) indices.push(other);
    }
    offsets[i + 1] = indices.length;
  });
  // From the other side the graph is the same, but every list comes in order.
  const neighbours = transpose({ offsets, indices: Uint32Array.from(indices) }, order.length);
  return { neighbours, weights, marks, products };
}

/** More than there can be nodes; times more than any degree, still an exact number. */
const ID_SPAN = 2 ** 26;

/** Attributes by their index, events by theirs and the number of all attributes more. */
function byDegree({ attributes, events, eventsOf }: Neighbourhood, middle: readonly number[]) {
  const degrees = new Uint32Array(attributes.length + events.length);
  for (const b of middle) {
    degrees[b] = eventsOf.offsets[b + 1]! - eventsOf.offsets[b]!;
    for (let k = eventsOf.offsets[b]!; k < eventsOf.offsets[b + 1]!; k++) {
      degrees[attributes.length + eventsOf.indices[k]!]!++;
    }
  }
  // Sorting numbers is many times faster than sorting by a function.
  const keys: number[] = [];
  degrees.forEach((degree, id) => degree > 0 && keys.push(id - degree * ID_SPAN));
  return Uint32Array.from(Float64Array.from(keys).sort(), (key) => key & (ID_SPAN - 1));
}

/** Sums over the pairs of neighbours that the node x has in common with each other node. */
class Pairs {
  readonly #nodes: RankedNodes;
  /** By node: Σ w, Σ w q, Σ w t of common neighbours; of their pairs Σ w w, w w (q + q), w w (t + t). */
  readonly #sums: Float64Array;
  readonly #touched: Uint32Array;
  #count = 0;

  constructor(nodes: RankedNodes) {
    this.#nodes = nodes;
    this.#sums = new Float64Array(6 * nodes.weights.length);
    this.#touched = new Uint32Array(nodes.weights.length);
  }

  /** Takes up the wedges from x over y to nodes of lower degree than x; says how many. */
  add(x: number, y: number): number {
    const { neighbours: { offsets, indices }, weights, marks, products } = this.#nodes;
    const sums = this.#sums;
    const weight = weights[y]!;
    if (weight === 0) return 0;
    const product = weight * products[y]!;
    const mark = weight * marks[y]!;
    let k = offsets[y + 1]! - 1;
    for (; k >= offsets[y]! && indices[k]! > x; k--) {
      const at = 6 * indices[k]!;
      const common = sums[at]!;
      if (common === 0) this.#touched[this.#count++] = indices[k]!;
      sums[at + 3]! += weight * common;
      sums[at + 4]! += weight * sums[at + 1]! + product * common;
      sums[at + 5]! += weight * sums[at + 2]! + mark * common;
      sums[at] = common + weight;
      sums[at + 1]! += product;
      sums[at + 2]! += mark;
    }
    return offsets[y + 1]! - 1 - k;
  }

  /** Σ of the butterflies of x, which are then forgotten. */
  take(x: number): number {
    const { weights, marks, products } = this.#nodes;
    const sums = this.#sums;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const z = this.#touched[i]!;
      const at = 6 * z;
      const product = products[x]! + products[z]!;
      const mark = marks[x]! + marks[z]!;
      sum += weights[z]! *
        (2 * (product * sums[at + 3]! + sums[at + 4]!) - 3 * mark * sums[at + 5]!);
      sums.fill(0, at, at + 6);
    }
    this.#count = 0;
    return weights[x]! * sum;
  }
}
