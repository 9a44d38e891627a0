import { Heap } from "heap-js";
import type { Hash } from "../../tahoe/instance.ts";
import type { Budget } from "../budget.ts";
import type { Csr } from "./adjacency.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

/** A path from the asked event to a malicious one: event, attribute, event, …, event. */
export type HeavyPath = { readonly weight: number; readonly nodes: readonly number[] };

export type HeaviestPaths = {
  /** In descending order of weight; equally heavy ones in the order of their nodes' hashes. */
  readonly paths: readonly HeavyPath[];
  /** True if the search ended before it had found as many paths as were wanted. */
  readonly cut: boolean;
};

export type HeaviestPathsOptions = {
  /** Number of paths wanted. */
  readonly count: number;
  /** Most beginnings of paths to examine before the search is cut. */
  readonly maxExpansions: number;
  readonly budget: Budget;
};

/**
 * Finds the heaviest paths by a best-first search: it examines the beginnings of paths in the order
 * of what their paths can weigh at most. This bound ignores that nodes must not repeat, which makes
 * the search examine more of them.
 */
export async function heaviestPaths(
  graph: Neighbourhood,
  { count, maxExpansions, budget }: HeaviestPathsOptions,
): Promise<HeaviestPaths> {
  const search = new PathSearch(graph, await findBounds(graph, budget));
  const paths: HeavyPath[] = [];
  for (let i = 0; paths.length < count; i++) {
    if (search.isOver) break;
    if (i === maxExpansions) return { paths, cut: true };
    const path = search.expand();
    if (path !== undefined) paths.push(path);
    if (budget.isDue(1000)) await budget.yieldIfDue();
  }
  return { paths, cut: false };
}

/**
 * Upper bounds for the weight of a path's rest, by the node where the rest begins. The lists differ
 * in the number of events that may follow after the next one: 0, 1, 2.
 */
type WeightBounds = {
  readonly attributes: readonly Float64Array[];
  readonly events: readonly Float64Array[];
};

async function findBounds(graph: Neighbourhood, budget: Budget): Promise<WeightBounds> {
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
    };
    const onwards = await multiplyByLargest(eventFactors, budget);
    events.push(onwards.map((weight, e) => Math.max(weight, threats[e]!)));
  }
}

type Factors = {
  readonly weights: Float64Array;
  readonly neighbours: Csr;
  readonly values: Float64Array;
};

/** Multiplies each node's weight by the largest value of its neighbours. */
async function multiplyByLargest(
  { weights, neighbours: { offsets, indices }, values }: Factors,
  budget: Budget,
): Promise<Float64Array> {
  const products = new Float64Array(weights.length);
  for (let node = 0; node < weights.length; node++) {
    if (weights[node] === 0) continue;
    let largest = 0;
    for (let k = offsets[node]!; k < offsets[node + 1]!; k++) {
      largest = Math.max(largest, values[indices[k]!]!);
    }
    products[node] = weights[node]! * largest;
    if (budget.isDue(offsets[node + 1]! - offsets[node]!)) await budget.yieldIfDue();
  }
  return products;
}

/** Beginning of a path, as a node and what comes before it. */
type PathPrefix = {
  readonly node: number;
  /** Number of edges before the node: 0 for the asked event, even for every event. */
  readonly depth: number;
  readonly before: PathPrefix | undefined;
  /** Product of the weights so far. */
  readonly weight: number;
};

/**
 * All paths that continue from the prefix to one of its children from index `position` on; without
 * children, the prefix itself, which is a whole path.
 */
type Candidate = {
  readonly bound: number;
  readonly prefix: PathPrefix;
  readonly children?: Uint32Array;
  readonly position: number;
};

class PathSearch {
  readonly #graph: Neighbourhood;
  readonly #bounds: WeightBounds;
  readonly #children = new Map<string, Uint32Array>();
  readonly #candidates = new Heap<Candidate>((a, b) =>
    b.bound - a.bound || this.#compareByHashes(a, b)
  );

  constructor(graph: Neighbourhood, bounds: WeightBounds) {
    this.#graph = graph;
    this.#bounds = bounds;
    this.#pushChildren({ node: 0, depth: 0, before: undefined, weight: 1 }, 0);
  }

  get isOver(): boolean {
    return this.#candidates.isEmpty();
  }

  /** Extends the best candidate by one node, or returns it if it is a whole path. */
  expand(): HeavyPath | undefined {
    const { prefix, children, position } = this.#candidates.pop()!;
    if (children === undefined) return { weight: prefix.weight, nodes: nodesOf(prefix) };
    this.#pushChildren(prefix, position + 1);
    const node = children[position]!;
    const depth = prefix.depth + 1;
    const isEvent = depth % 2 === 0;
    if (contains(prefix, { node, depth })) return undefined;
    const weights = isEvent ? this.#graph.eventWeights : this.#graph.attributeWeights;
    const weight = prefix.weight * weights[node]!;
    const longer: PathPrefix = { node, depth, before: prefix, weight };
    if (isEvent && this.#graph.threats[node]! > 0) {
      this.#candidates.push({ bound: weight, prefix: longer, position: 0 });
    }
    this.#pushChildren(longer, 0);
    return undefined;
  }

  #pushChildren(prefix: PathPrefix, position: number): void {
    const bounds = this.#childBounds(prefix);
    if (bounds === undefined) return;
    const children = this.#childrenOf(prefix, bounds);
    if (position === children.length) return;
    const bound = prefix.weight * bounds[children[position]!]!;
    this.#candidates.push({ bound, prefix, children, position });
  }

  /** Returns the bounds of nodes that may follow the prefix; undefined if none may. */
  #childBounds({ depth }: PathPrefix): Float64Array | undefined {
    const { attributes, events } = this.#bounds;
    return (depth % 2 === 0 ? attributes : events)[2 - (depth >> 1)];
  }

  /** Returns the nodes that may follow the prefix, in descending order of their bounds. */
  #childrenOf({ node, depth }: PathPrefix, bounds: Float64Array): Uint32Array {
    const key = `${depth} ${node}`;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const { attributesOf, eventsOf, attributes, events } = this.#graph;
    const [{ offsets, indices }, hashes] = depth % 2 === 0
      ? [attributesOf, attributes]
      : [eventsOf, events];
    const children = indices.slice(offsets[node], offsets[node + 1])
      .filter((child) => bounds[child]! > 0)
      .sort((a, b) => bounds[b]! - bounds[a]! || (hashes[a]! < hashes[b]! ? -1 : 1));
    this.#children.set(key, children);
    return children;
  }

  #compareByHashes(a: Candidate, b: Candidate): number {
    const [first, second] = [this.#hashes(a), this.#hashes(b)];
    const differing = first.findIndex((hash, i) => hash !== second[i]);
    if (differing === -1) return -1;
    const other = second[differing];
    return other === undefined || first[differing]! > other ? 1 : -1;
  }

  #hashes({ prefix, children, position }: Candidate): Hash[] {
    const nodes = [...nodesOf(prefix), ...(children === undefined ? [] : [children[position]!])];
    const { events, attributes } = this.#graph;
    return nodes.map((node, depth) => (depth % 2 === 0 ? events : attributes)[node]!);
  }
}

function nodesOf(prefix: PathPrefix | undefined): number[] {
  return prefix === undefined ? [] : [...nodesOf(prefix.before), prefix.node];
}

/** True if the node at this depth is on the prefix; events and attributes are numbered separately. */
function contains(
  prefix: PathPrefix,
  { node, depth }: { readonly node: number; readonly depth: number },
): boolean {
  for (let each: PathPrefix | undefined = prefix; each !== undefined; each = each.before) {
    if (each.node === node && each.depth % 2 === depth % 2) return true;
  }
  return false;
}
