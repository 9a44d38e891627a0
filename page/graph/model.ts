import type { Category } from "../../lib/tahoe/instance.ts";
import type { NamedValue } from "../answer.ts";

/** What a node stands for; `group` is for what has no instance of its own, such as all URLs. */
export type NodeShape = "attribute" | "object" | "event" | "session" | "group";

/** A node of the graph. */
export type GraphNode = {
  readonly id: string;
  readonly shape: NodeShape;
  /** Sub-type of the instance, or what the group has in common. */
  readonly kind: string;
  /** Value of an attribute. */
  readonly value?: NamedValue;
  /** What else there is to say, such as a time. */
  readonly note?: string;
  readonly category?: Category;
  /** When it was, if the note does not say so; there is no room for it in the picture. */
  readonly when?: string;
};

/** A connection as one of its ends sees it. */
export type GraphLink = {
  readonly to: string;
  /** Objects that lie between the ends and are not drawn. */
  readonly via?: string;
};

/** A graph that is opened node by node, from its roots on. */
export class GraphModel {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #links = new Map<string, Map<string, GraphLink>>();
  /** Connections that are only drawn: nobody comes to a node by one. */
  readonly #crossLinks = new Map<string, Set<string>>();
  /** Nodes whose neighbours are not known yet. */
  readonly #unknown = new Set<string>();
  #roots: readonly string[] = [];

  get roots(): readonly string[] {
    return this.#roots;
  }

  /** Sets where reading begins; ids without a node are left out. */
  setRoots(ids: readonly string[]): void {
    this.#roots = [...new Set(ids)].filter((id) => this.#nodes.has(id));
  }

  /** Adds a node unless there is one of this id. */
  add(node: GraphNode): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
  }

  /** Replaces a node. */
  set(node: GraphNode): void {
    this.#nodes.set(node.id, node);
  }

  link(from: string, to: string, via?: string): void {
    if (from === to) return;
    const rest = via === undefined || via === "" ? {} : { via };
    this.#linksOf(from).set(to, { to, ...rest });
    this.#linksOf(to).set(from, { to: from, ...rest });
  }

  /** Connects two nodes that are in other places of the graph already. */
  crossLink(from: string, to: string): void {
    if (from === to) return;
    const known = this.#crossLinks.get(from) ?? new Set();
    this.#crossLinks.set(from, known.add(to));
  }

  /** Ends of connections that are only drawn. */
  crossLinks(id: string): Iterable<string> {
    return this.#crossLinks.get(id) ?? [];
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** Says that neighbours of a node may be asked for. */
  setUnknown(id: string): void {
    this.#unknown.add(id);
  }

  /** Says that all neighbours of a node are there that will be. */
  setKnown(id: string): void {
    this.#unknown.delete(id);
  }

  /** Whether neighbours of a node may be asked for. */
  isUnknown(id: string): boolean {
    return this.#unknown.has(id);
  }

  /** Removes everything, so that it can be built again. */
  clear(): void {
    this.#nodes.clear();
    this.#links.clear();
    this.#crossLinks.clear();
    this.#unknown.clear();
    this.#roots = [];
  }

  node(id: string): GraphNode {
    return this.#nodes.get(id)!;
  }

  links(id: string): Iterable<GraphLink> {
    return this.#linksOf(id).values();
  }

  #linksOf(id: string): Map<string, GraphLink> {
    const found = this.#links.get(id) ?? new Map();
    this.#links.set(id, found);
    return found;
  }
}
