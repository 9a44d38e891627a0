import { Heap } from "heap-js";
import { BestFirst } from "./best_first.ts";
import type { PathGraph, WeightBounds } from "./path_bounds.ts";

/** A path from the asked event to a malicious one: event, attribute, event, …, event. */
export type HeavyPath = { readonly weight: number; readonly nodes: readonly number[] };

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
  readonly children?: BestFirst;
  readonly position: number;
};

/** A best-first search: see heaviest_paths.ts. */
export class PathSearch {
  readonly #graph: PathGraph;
  readonly #bounds: WeightBounds;
  readonly #children = new Map<string, BestFirst>();
  readonly #candidates = new Heap<Candidate>((a, b) =>
    b.bound - a.bound || this.#compareByHashes(a, b)
  );

  constructor(graph: PathGraph, bounds: WeightBounds, asked: number) {
    this.#graph = graph;
    this.#bounds = bounds;
    this.#pushChildren({ node: asked, depth: 0, before: undefined, weight: 1 }, 0);
  }

  get isOver(): boolean {
    return this.#candidates.isEmpty();
  }

  /** Extends the best candidate by one node, or returns it if it is a whole path. */
  expand(): HeavyPath | undefined {
    const { prefix, children, position } = this.#candidates.pop()!;
    if (children === undefined) return { weight: prefix.weight, nodes: nodesOf(prefix) };
    this.#pushChildren(prefix, position + 1);
    const node = children.at(position)!;
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
    const child = children.at(position);
    if (child === undefined) return;
    const bound = prefix.weight * bounds[child]!;
    this.#candidates.push({ bound, prefix, children, position });
  }

  /** Returns the bounds of nodes that may follow the prefix; undefined if none may. */
  #childBounds({ depth }: PathPrefix): Float64Array | undefined {
    const { attributes, events } = this.#bounds;
    return (depth % 2 === 0 ? attributes : events)[2 - (depth >> 1)];
  }

  /** Returns the nodes that may follow the prefix, in descending order of their bounds. */
  #childrenOf({ node, depth }: PathPrefix, bounds: Float64Array): BestFirst {
    const key = `${depth} ${node}`;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const { attributesOf, eventsOf } = this.#graph;
    const { offsets, indices } = depth % 2 === 0 ? attributesOf : eventsOf;
    const children = new BestFirst(
      indices.subarray(offsets[node], offsets[node + 1]).filter((child) => bounds[child]! > 0),
      (a, b) => bounds[b]! - bounds[a]! || this.#compare(a, b, depth + 1),
    );
    this.#children.set(key, children);
    return children;
  }

  #compareByHashes(a: Candidate, b: Candidate): number {
    const [first, second] = [candidateNodes(a), candidateNodes(b)];
    const differing = first.findIndex((node, depth) => node !== second[depth]);
    if (differing === -1) return -1;
    const other = second[differing];
    return other === undefined ? 1 : this.#compare(first[differing]!, other, differing);
  }

  #compare(a: number, b: number, depth: number): number {
    return depth % 2 === 0 ? this.#graph.compareEvents(a, b) : this.#graph.compareAttributes(a, b);
  }
}

function candidateNodes({ prefix, children, position }: Candidate): number[] {
  return [...nodesOf(prefix), ...(children === undefined ? [] : [children.at(position)!])];
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
