/** Nodes of a list in a fixed order, of which the first ones are usually enough. */
export class BestFirst {
  readonly #nodes: Uint32Array;
  readonly #compare: (a: number, b: number) => number;
  #sorted: number[];

  constructor(nodes: Uint32Array, compare: (a: number, b: number) => number) {
    this.#nodes = nodes;
    this.#compare = compare;
    this.#sorted = selectFirst(nodes, FIRST_COUNT, compare);
  }

  /** Returns the node at a position of the order; undefined after the last one. */
  at(position: number): number | undefined {
    if (position >= this.#sorted.length && this.#sorted.length < this.#nodes.length) {
      this.#sorted = [...this.#nodes].sort(this.#compare);
    }
    return this.#sorted[position];
  }
}

/** A hub may have a million nodes, of which a search for ten paths sees few. */
const FIRST_COUNT = 32;

/** Selects the first `count` nodes in one pass over all of them. */
function selectFirst(
  nodes: Uint32Array,
  count: number,
  compare: (a: number, b: number) => number,
): number[] {
  const first: number[] = [];
  for (const node of nodes) {
    if (first.length === count && compare(first[count - 1]!, node) < 0) continue;
    let at = first.length;
    while (at > 0 && compare(first[at - 1]!, node) > 0) at--;
    first.splice(at, 0, node);
    if (first.length > count) first.pop();
  }
  return first;
}
