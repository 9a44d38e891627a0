import type { Hash } from "../../tahoe/instance.ts";

/** Objects, not hashes, link to one another: of 200,000 events the texts alone would take 300 MB. */
type Node = {
  readonly hash: Hash;
  /** Nothing while others link to it, but it was not added itself. */
  label: string | undefined;
  readonly links: Node[];
  /** The next one on the way to the start; of the start, itself. */
  next: Node | undefined;
};

/** A graph whose links go both ways, and the shortest paths from its nodes to one of them. */
export class ShortestPaths {
  readonly #nodes = new Map<Hash, Node>();

  /** Adds a node; what it is linked to may come before it, after it, or never: then it counts not. */
  add(hash: Hash, label: string, linked: Iterable<Hash>): void {
    const node = this.#node(hash);
    node.label = label;
    for (const other of linked) {
      node.links.push(this.#node(other));
      this.#node(other).links.push(node);
    }
  }

  /** Finds the paths to the start, once all nodes are in. */
  lead(start: Hash): void {
    const first = this.#nodes.get(start);
    if (first?.label === undefined) return;
    first.next = first;
    const reached = [first];
    // The list grows while it is gone through: breadth first.
    for (const node of reached) {
      // In order, so that of equally short paths it is always the same.
      for (const other of node.links.sort(byHash)) {
        if (other.label === undefined || other.next !== undefined) continue;
        other.next = node;
        reached.push(other);
      }
    }
  }

  /** Labels from this node to the start, both included; none if no path leads there. */
  from(hash: Hash): string[] {
    const labels: string[] = [];
    let node = this.#nodes.get(hash);
    while (node?.next !== undefined) {
      labels.push(node.label!);
      node = node.next === node ? undefined : node.next;
    }
    return labels;
  }

  #node(hash: Hash): Node {
    let node = this.#nodes.get(hash);
    if (node === undefined) {
      node = { hash, label: undefined, links: [], next: undefined };
      this.#nodes.set(hash, node);
    }
    return node;
  }
}

function byHash(a: Node, b: Node): number {
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0;
}
