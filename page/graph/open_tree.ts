import type { GraphLink, GraphModel, GraphNode } from "./model.ts";

/** Neighbours of a node that are shown when it is opened, and each time more are asked for. */
const STEP = 12;

/** A node in sight, where the reader came to it. */
export type TreeRow = {
  readonly node: GraphNode;
  readonly depth: number;
  /** The node from which it was opened. */
  readonly parent?: string;
  readonly via?: string;
  readonly state: "open" | "closed" | "leaf";
  /** Neighbours that are not shown yet, if it is open. */
  readonly hidden: number;
};

/** Lines that can be seen at a glance: nodes, and what is not shown of them. */
const GLANCE = 15;

/** Neighbours of the first root that are shown even where there are many roots. */
const LEAST_SHOWN = 3;

type Branch = { readonly shown: readonly GraphLink[]; readonly hidden: number };

/** Which nodes of a graph are open: the part of it in sight, as a tree. */
export class OpenTree {
  readonly #model: GraphModel;
  /** Number of neighbours to show of each open node. */
  readonly #open = new Map<string, number>();

  /** Begins with its roots, and opens as much as can be seen at a glance. */
  constructor(model: GraphModel) {
    this.#model = model;
    const { roots } = model;
    const room = GLANCE - 1 - roots.length;
    const [first] = roots;
    if (first !== undefined) this.#open.set(first, Math.max(LEAST_SHOWN, Math.min(STEP, room)));
    for (const { node: { id }, state } of this.rows()) {
      if (state === "closed") this.#openIfSmall(id, GLANCE);
    }
  }

  /** Opens a node, and as much of what is below it as can be seen at a glance. */
  openAtGlance(id: string): void {
    this.#open.set(id, STEP);
    const rows = this.rows();
    for (const { node, parent, state } of rows) {
      if (parent === id && state === "closed") this.#openIfSmall(node.id, lines(rows) + GLANCE);
    }
  }

  /** Opens or closes a node. */
  toggle(id: string): void {
    if (!this.#open.delete(id)) this.#open.set(id, STEP);
  }

  /** Shows more neighbours of an open node. */
  showMore(id: string): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + 2 * STEP);
  }

  /** Opens a node and those below it, unless there would be too many in sight. */
  #openIfSmall(id: string, most: number): void {
    if (this.#model.isUnknown(id)) return;
    this.#open.set(id, STEP);
    const rows = this.rows();
    if (lines(rows) > most) {
      this.#open.delete(id);
      return;
    }
    for (const { node, parent, state } of rows) {
      if (parent === id && state === "closed") this.#openIfSmall(node.id, most);
    }
  }

  /** Lists the nodes in sight, each below the one from which it was opened. */
  rows(): TreeRow[] {
    const { branches, placed } = this.#place();
    const list = (link: GraphLink, depth: number, parent?: string): TreeRow[] => {
      const { to: id, via } = link;
      const branch = branches.get(id);
      const state = branch !== undefined ? "open" : this.#hasMore(id, placed) ? "closed" : "leaf";
      const row: TreeRow = {
        node: this.#model.node(id),
        depth,
        state,
        hidden: branch?.hidden ?? 0,
        ...(parent !== undefined && { parent }),
        ...(via !== undefined && { via }),
      };
      return [row, ...(branch?.shown ?? []).flatMap((child) => list(child, depth + 1, id))];
    };
    return this.#model.roots.flatMap((id) => list({ to: id }, 0));
  }

  /** Lists connections between nodes in sight that are not those of the tree. */
  crossLinks(rows: readonly TreeRow[]): (readonly [string, string])[] {
    const parents = new Map(rows.map(({ node, parent }) => [node.id, parent]));
    const found = new Map<string, readonly [string, string]>();
    for (const { node: { id } } of rows) {
      const ends = [...this.#model.links(id)].map(({ to }) => to);
      for (const to of [...ends, ...this.#model.crossLinks(id)]) {
        if (!parents.has(to) || parents.get(to) === id || parents.get(id) === to) continue;
        const ends = [id, to].sort() as [string, string];
        found.set(ends.join(" "), ends);
      }
    }
    return [...found.values()];
  }

  /** Decides level by level which open node shows which neighbours, each of them once. */
  #place() {
    const placed = new Set(this.#model.roots);
    const branches = new Map<string, Branch>();
    for (const id of placed) {
      const most = this.#open.get(id);
      if (most === undefined) continue;
      const links = [...this.#model.links(id)].filter(({ to }) => !placed.has(to));
      const shown = links.slice(0, most);
      // Goes on with them: a set may grow while it is read.
      for (const { to } of shown) placed.add(to);
      if (links.length > 0) branches.set(id, { shown, hidden: links.length - shown.length });
    }
    return { placed, branches };
  }

  #hasMore(id: string, placed: ReadonlySet<string>): boolean {
    return this.#model.isUnknown(id) ||
      [...this.#model.links(id)].some(({ to }) => !placed.has(to));
  }
}

/** Number of lines that rows take with those for what they do not show. */
function lines(rows: readonly TreeRow[]): number {
  return rows.length + rows.filter(({ hidden }) => hidden > 0).length;
}
