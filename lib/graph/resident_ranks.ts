import { DamagedInstance } from "../errors.ts";
import type { Hash } from "../tahoe/instance.ts";
import { BACKGROUND_YIELD_INTERVAL, Budget } from "./budget.ts";
import type { EdgeSource } from "./edge_follower.ts";
import type { Edges } from "./edges.ts";
import { type CopyFault, GraphCopy } from "./resident/graph_copy.ts";
import { HUB_EVENTS } from "./resident/hub_sums.ts";
import { sumPaths } from "./resident/sum_paths.ts";
import type { Vectors } from "./resident/vectors.ts";
import { MAX_EXPANSIONS, negate, PATH_COUNT, type ThreatRank } from "./threatrank.ts";
import { describePaths } from "./threatrank/describe_paths.ts";
import { heaviestPaths } from "./threatrank/heaviest_paths.ts";

export type ResidentOptions = {
  /** Factor by which an event's weight falls with each whole day of its age. */
  readonly decay: number;
  /** Most bytes of memory; with 0, no graph is kept. */
  readonly maxBytes: number;
  /** Whether ranks show what was stored after the graph was read. */
  readonly followsChanges: boolean;
  /** Events from which on an attribute is a hub. */
  readonly hubEvents?: number;
};

/** What came of reading the graph: the size of the copy, or why there is none. */
export type BuildResult = {
  readonly fault?: CopyFault | DamagedInstance;
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
};

/** An answer from memory; undefined inside if the event is hidden or unknown, or not an event. */
export type ResidentRank = { readonly found: ThreatRank | undefined };

export type ResidentQuestion = {
  /** Organisations whose events may be seen. */
  readonly orgids: readonly string[];
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Whether to show the heaviest paths. */
  readonly evidence: boolean;
};

/** A copy of the whole graph in memory, which answers ThreatRanks. */
export class ResidentRanks {
  readonly #edges: Edges & EdgeSource;
  readonly #options: ResidentOptions;
  #copy: GraphCopy | undefined;
  #lastCatchUp: Promise<unknown> = Promise.resolve();
  #nextCatchUp: Promise<GraphCopy | undefined> | undefined;

  constructor(edges: Edges & EdgeSource, options: ResidentOptions) {
    this.#edges = edges;
    this.#options = options;
  }

  /** Whether there is a copy. It ends when events change, or with an error of the store. */
  get isReady(): boolean {
    return this.#copy !== undefined;
  }

  /**
   * Reads the whole graph, in turns. Calls `onRead` with the number of further documents; what it
   * throws ends the reading.
   */
  async build(onRead: (count: number) => void = () => {}): Promise<BuildResult> {
    const start = performance.now();
    const copy = new GraphCopy(this.#edges, { hubEvents: HUB_EVENTS, ...this.#options });
    const budget = new Budget(Infinity, BACKGROUND_YIELD_INTERVAL);
    const fault = await copy.catchUp(budget, onRead).catch(async (error) => {
      // Neighbourhoods can be loaded where the whole graph cannot be read.
      if (error instanceof DamagedInstance) return error;
      await copy.close().catch(() => {});
      throw error;
    });
    const { graph: { events }, bytes } = copy;
    if (fault !== undefined) await copy.close();
    else this.#copy = copy;
    const seconds = (performance.now() - start) / 1000;
    return { ...(fault !== undefined && { fault }), events: events.size, bytes, seconds };
  }

  /**
   * Ranks an event as `threatRank` does, with everything that was stored before the call, or before
   * the graph was read. Undefined if there is no copy that is certain to be right.
   */
  async rank(hash: Hash, question: ResidentQuestion): Promise<ResidentRank | undefined> {
    const copy = this.#options.followsChanges ? await this.#newest() : this.#copy;
    if (copy === undefined) return undefined;
    const budget = new Budget(Infinity, BACKGROUND_YIELD_INTERVAL);
    const vectors = await copy.vectors(question, budget);
    const event = copy.graph.events.find(hash);
    if (event === undefined || event >= vectors.graph.eventCount) return { found: undefined };
    const organisation = vectors.graph.organisations[event]!;
    if (!copy.graph.organisations(question.orgids).has(organisation)) return { found: undefined };
    if (vectors.graph.malicious[event]) return { found: { rank: -1, flags: [], paths: [] } };
    const sum = await sumPaths(vectors, event, budget);
    if (!question.evidence) return { found: { rank: negate(sum), flags: [], paths: [] } };
    return { found: { rank: negate(sum), ...await this.#evidence(copy, vectors, { event, sum }) } };
  }

  /** Reads what was stored before the call, so that the next question finds less of it. */
  async catchUp(): Promise<void> {
    await this.#newest();
  }

  async close(): Promise<void> {
    await this.#copy?.close();
    this.#copy = undefined;
  }

  /**
   * Reads what was stored before the call. Calls that come while another one reads wait for its
   * end, and then read once for all of them.
   */
  #newest(): Promise<GraphCopy | undefined> {
    this.#nextCatchUp ??= this.#lastCatchUp.then(() => {
      this.#nextCatchUp = undefined;
      const reading = this.#readNews();
      this.#lastCatchUp = reading.catch(() => {});
      return reading;
    });
    return this.#nextCatchUp;
  }

  async #readNews(): Promise<GraphCopy | undefined> {
    const copy = this.#copy;
    if (copy === undefined) return undefined;
    const budget = new Budget(Infinity, BACKGROUND_YIELD_INTERVAL);
    const fault = await copy.catchUp(budget).catch((error) => error as unknown);
    if (fault === undefined) return copy;
    // After a fault, or an error of the store, nobody knows what the copy lacks.
    if (this.#copy === copy) this.#copy = undefined;
    await copy.close().catch(() => {});
    return undefined;
  }

  async #evidence(
    { graph }: GraphCopy,
    { graph: arrays, weights, bounds }: Vectors,
    { event, sum }: { readonly event: number; readonly sum: number },
  ): Promise<Pick<ThreatRank, "flags" | "paths">> {
    const { paths, cut } = await heaviestPaths({
      attributesOf: arrays.referencesOf,
      eventsOf: arrays.eventsOf,
      eventWeights: weights.events,
      attributeWeights: weights.attributes,
      threats: weights.threats,
      compareEvents: (a, b) => graph.events.compare(a, b),
      compareAttributes: (a, b) => graph.references.compare(a, b),
    }, {
      asked: event,
      bounds,
      count: PATH_COUNT,
      maxExpansions: MAX_EXPANSIONS,
      budget: new Budget(Infinity, BACKGROUND_YIELD_INTERVAL),
    });
    return {
      flags: cut ? ["evidence_cut"] : [],
      paths: await describePaths(this.#edges, paths, {
        eventHash: (number) => graph.events.hash(number),
        attributeHash: (number) => graph.references.hash(number),
        sum,
      }),
    };
  }
}
