import { Heap } from "heap-js";
import type { Hash } from "../../tahoe/instance.ts";
import type { Csr } from "./adjacency.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { Budget } from "../budget.ts";

/** A path from the asked event to a malicious one: event, attribute, event, …, event. */
export type HeavyPath = { readonly weight: number; readonly nodes: readonly number[] };

export type HeavyPaths = {
  /** The heaviest first, equally heavy ones in the order of their nodes' hashes. */
  readonly paths: readonly HeavyPath[];
  /** Whether the search ended before all that were wanted were found. */
  readonly cut: boolean;
};

export type HeaviestOptions = {
  /** How many paths are wanted. */
  readonly count: number;
  /** Beginnings of paths that are looked at before the search is cut. */
  readonly maxExpansions: number;
};

/**
 * The heaviest paths, by a best-first search: beginnings of paths in the order of what they may
 * weigh at most. That bound overlooks that nodes must not repeat, which costs expansions.
 */
export async function heaviestPaths(
  graph: Neighbourhood,
  { count, maxExpansions }: HeaviestOptions,
  budget: Budget,
): Promise<HeavyPaths> {
  const search = new Search(graph, await findBounds(graph, budget));
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

/** What a path weighs at most from a node on, by how many events it may meet behind the next. */
type Bounds = {
  readonly attributes: readonly Float64Array[];
  readonly events: readonly Float64Array[];
};

async function findBounds(graph: Neighbourhood, budget: Budget): Promise<Bounds> {
  const { attributesOf, eventsOf, attributeWeights, eventWeights, threats } = graph;
  const attributes: Float64Array[] = [];
  const events = [threats];
  while (true) {
    attributes.push(await timesLargest(attributeWeights, eventsOf, events.at(-1)!, budget));
    if (attributes.length === 3) return { attributes, events };
    const onwards = await timesLargest(eventWeights, attributesOf, attributes.at(-1)!, budget);
    events.push(onwards.map((weight, e) => Math.max(weight, threats[e]!)));
  }
}

/** Each node's weight times the largest of the values in its list. */
async function timesLargest(
  weights: Float64Array,
  { offsets, indices }: Csr,
  values: Float64Array,
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

/** A node with the way to it; the asked event has depth 0, events have even depths. */
type Step = {
  readonly node: number;
  readonly depth: number;
  readonly before: Step | undefined;
  /** Product of the weights so far. */
  readonly weight: number;
};

/** The paths from `step` to one of its children from this place on; without children, the step. */
type Candidate = {
  readonly bound: number;
  readonly step: Step;
  readonly children?: Uint32Array;
  readonly place: number;
};

class Search {
  readonly #graph: Neighbourhood;
  readonly #bounds: Bounds;
  readonly #children = new Map<string, Uint32Array>();
  readonly #candidates = new Heap<Candidate>((a, b) =>
    b.bound - a.bound || this.#compareHashes(a, b)
  );

  constructor(graph: Neighbourhood, bounds: Bounds) {
    this.#graph = graph;
    this.#bounds = bounds;
    this.#pushChildren({ node: 0, depth: 0, before: undefined, weight: 1 }, 0);
  }

  get isOver(): boolean {
    return this.#candidates.isEmpty();
  }

  /** Follows the best candidate by a step; if it is a whole path, returns it. */
  expand(): HeavyPath | undefined {
    const { step, children, place } = this.#candidates.pop()!;
    if (children === undefined) return { weight: step.weight, nodes: nodesOf(step) };
    this.#pushChildren(step, place + 1);
    const node = children[place]!;
    const isEvent = step.depth % 2 === 1;
    if (isOn(step, node, step.depth + 1)) return undefined;
    const weights = isEvent ? this.#graph.eventWeights : this.#graph.attributeWeights;
    const next: Step = {
      node,
      depth: step.depth + 1,
      before: step,
      weight: step.weight * weights[node]!,
    };
    if (isEvent && this.#graph.threats[node]! > 0) {
      this.#candidates.push({ bound: next.weight, step: next, place: 0 });
    }
    this.#pushChildren(next, 0);
    return undefined;
  }

  #pushChildren(step: Step, place: number): void {
    const values = this.#boundsBehind(step);
    if (values === undefined) return;
    const children = this.#childrenOf(step, values);
    if (place === children.length) return;
    const bound = step.weight * values[children[place]!]!;
    this.#candidates.push({ bound, step, children, place });
  }

  /** Of the nodes that may follow the step. */
  #boundsBehind({ depth }: Step): Float64Array | undefined {
    const { attributes, events } = this.#bounds;
    return (depth % 2 === 0 ? attributes : events)[2 - (depth >> 1)];
  }

  /** The best child first. */
  #childrenOf({ node, depth }: Step, values: Float64Array): Uint32Array {
    const key = `${depth} ${node}`;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const { attributesOf, eventsOf, attributes, events } = this.#graph;
    const [{ offsets, indices }, hashes] = depth % 2 === 0
      ? [attributesOf, attributes]
      : [eventsOf, events];
    const children = indices.slice(offsets[node], offsets[node + 1])
      .filter((child) => values[child]! > 0)
      .sort((a, b) => values[b]! - values[a]! || (hashes[a]! < hashes[b]! ? -1 : 1));
    this.#children.set(key, children);
    return children;
  }

  #compareHashes(a: Candidate, b: Candidate): number {
    const [first, second] = [this.#hashes(a), this.#hashes(b)];
    const differing = first.findIndex((hash, i) => hash !== second[i]);
    if (differing === -1) return -1;
    const other = second[differing];
    return other === undefined || first[differing]! > other ? 1 : -1;
  }

  #hashes({ step, children, place }: Candidate): Hash[] {
    const nodes = [...nodesOf(step), ...(children === undefined ? [] : [children[place]!])];
    const { events, attributes } = this.#graph;
    return nodes.map((node, depth) => (depth % 2 === 0 ? events : attributes)[node]!);
  }
}

function nodesOf(step: Step | undefined): number[] {
  return step === undefined ? [] : [...nodesOf(step.before), step.node];
}

/** Whether the way to the step, and itself, has this node among its events or its attributes. */
function isOn(step: Step, node: number, depth: number): boolean {
  for (let each: Step | undefined = step; each !== undefined; each = each.before) {
    if (each.node === node && each.depth % 2 === depth % 2) return true;
  }
  return false;
}
