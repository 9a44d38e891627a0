import type { Hash } from "../../tahoe/instance.ts";

/** Nodes link to nodes, not hashes: for 200,000 events the strings alone would take 300 MB. */
type PathNode = {
  readonly hash: Hash;
  /** Undefined while others link to the node, but it was not added itself. */
  label: string | undefined;
  readonly links: PathNode[];
  /** Next node on the way to the nearest start; a start refers to itself. */
  next: PathNode | undefined;
};

/** An undirected graph, and the shortest paths from its nodes to the nearest of some of them. */
export class ShortestPaths {
  readonly #nodes = new Map<Hash, PathNode>();

  /**
   * Adds a node. The nodes it is linked to may be added before or after it, or never, in which case
   * the link is ignored.
   */
  add(hash: Hash, label: string, linked: Iterable<Hash>): void {
    const node = this.#node(hash);
    node.label = label;
    for (const other of linked) {
      node.links.push(this.#node(other));
      this.#node(other).links.push(node);
    }
  }

  /** Finds the paths to the starts, after all nodes were added. */
  findPathsTo(starts: readonly Hash[]): void {
    const reached = starts.map((start) => this.#nodes.get(start))
      .filter((node) => node?.label !== undefined) as PathNode[];
    for (const node of reached) node.next = node;
    // Breadth first: the list grows while the loop runs over it.
    for (const node of reached) {
      // In order of hashes, so that the choice among equally short paths is always the same.
      for (const other of node.links.sort(compareHashes)) {
        if (other.label === undefined || other.next !== undefined) continue;
        other.next = node;
        reached.push(other);
      }
    }
  }

  /** Returns the labels from a node to the nearest start, both included; none if there is no path. */
  pathFrom(hash: Hash): string[] {
    const labels: string[] = [];
    let node = this.#nodes.get(hash);
    while (node?.next !== undefined) {
      labels.push(node.label!);
      node = node.next === node ? undefined : node.next;
    }
    return labels;
  }

  #node(hash: Hash): PathNode {
    let node = this.#nodes.get(hash);
    if (node === undefined) {
      node = { hash, label: undefined, links: [], next: undefined };
      this.#nodes.set(hash, node);
    }
    return node;
  }
}

function compareHashes(a: PathNode, b: PathNode): number {
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0;
}
