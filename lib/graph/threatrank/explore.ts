import { chunks } from "../../chunks.ts";
import type { Hash } from "../../tahoe/instance.ts";
import type { Budget } from "../budget.ts";
import type { EdgeEvent, Edges } from "../edges.ts";
import { NeighbourhoodBuilder } from "./neighbourhood.ts";

export type ExploreOptions = {
  /** Organisations whose events may be seen. */
  readonly orgids: readonly string[];
  /** Most events, and references of events, to load. */
  readonly maxEvents: number;
  readonly maxEdges: number;
  readonly budget: Budget;
};

/** What kept the exploration from seeing everything. */
export type CutReason = "truncated" | "deadline";

/** Everything that was loaded, and why the exploration ended early, if it did. */
export type Exploration = {
  readonly builder: NeighbourhoodBuilder;
  readonly cut: CutReason | undefined;
};

/** Hops to the three layers of events around the asked one. */
const LAYERS = [2, 4, 6];

/** Attributes whose events are requested, and known to be complete, together. */
const BATCH_SIZE = 1000;

/**
 * Loads what lies within six hops of an event, layer by layer. The asked event's own attributes are
 * loaded one by one: one that has too many events must not leave the others open as well.
 */
export async function explore(
  edges: Edges,
  asked: EdgeEvent,
  options: ExploreOptions,
): Promise<Exploration> {
  const explorer = new Explorer(edges, options);
  const { builder } = explorer;
  await explorer.addOrigin(asked);
  let seen = 0;
  for (const hops of LAYERS) {
    const attributes = builder.attributes(builder.references.slice(seen));
    seen = builder.references.length;
    const batches = chunks(attributes, hops === LAYERS[0] ? 1 : BATCH_SIZE);
    const cut = await explorer.loadLayer(batches, { isLast: hops === LAYERS.at(-1) });
    await explorer.excludeObjects(seen);
    if (cut !== undefined) return { builder, cut };
  }
  return { builder, cut: undefined };
}

type LayerOptions = {
  /** True if no path goes on from the events of the layer. */
  readonly isLast: boolean;
};

class Explorer {
  readonly builder = new NeighbourhoodBuilder();
  readonly #edges: Edges;
  readonly #options: ExploreOptions;

  constructor(edges: Edges, options: ExploreOptions) {
    this.#edges = edges;
    this.#options = options;
  }

  async addOrigin(event: EdgeEvent): Promise<void> {
    this.builder.add(event, { isLast: false });
    await this.excludeObjects(0);
  }

  /** Excludes those references that are objects, starting from an index. */
  async excludeObjects(start: number): Promise<void> {
    const references = this.builder.references.slice(start);
    if (references.length === 0) return;
    this.builder.excludeObjects(await this.#edges.objectsAmong(references));
  }

  /** Adds the events that hold any of the attributes. */
  async loadLayer(
    batches: AsyncIterable<readonly Hash[]>,
    layer: LayerOptions,
  ): Promise<CutReason | undefined> {
    const { orgids } = this.#options;
    for await (const attributes of batches) {
      if (await this.#isTimeOver()) return "deadline";
      for await (const events of this.#edges.holders(attributes, orgids, this.builder.known)) {
        if (!this.#addNew(events, layer)) return "truncated";
        if (await this.#isTimeOver()) return "deadline";
      }
      this.builder.close(attributes);
    }
  }

  /** Checks the deadline. It yields first, for stores that answer without ever waiting. */
  async #isTimeOver(): Promise<boolean> {
    await this.#options.budget.yieldIfDue();
    return this.#options.budget.expired;
  }

  /** Adds the events that are new; false if a limit does not allow it. */
  #addNew(events: readonly EdgeEvent[], layer: LayerOptions): boolean {
    const { builder } = this;
    const { maxEvents, maxEdges } = this.#options;
    for (const event of events) {
      if (builder.known.has(event.hash)) continue;
      const edgeCount = builder.edgeCount + event.references.length;
      if (builder.known.size >= maxEvents || edgeCount > maxEdges) return false;
      builder.add(event, layer);
    }
    return true;
  }
}
