import type { Budget } from "../budget.ts";
import type { EdgeFollower, EdgeSource } from "../edge_follower.ts";
import { type GraphArrays, ResidentGraph } from "./resident_graph.ts";
import { computeVectors, vectorBytes, type Vectors } from "./vectors.ts";

/** Most sets of organisations for which vectors are kept. */
const MAX_VECTORS = 8;

export type CopyOptions = {
  /** Whether the copy is to be read on after it was made. */
  readonly followsChanges: boolean;
  /** Most bytes of the graph and its vectors. */
  readonly maxBytes: number;
  /** Factor by which an event's weight falls with each whole day of its age. */
  readonly decay: number;
  readonly hubEvents: number;
};

export type Sight = {
  /** Organisations whose events are visible. */
  readonly orgids: readonly string[];
  /** Seconds since 1970, UTC. */
  readonly now: number;
};

/** Why a copy is of no more use. */
export type CopyFault = "changed" | "too_large";

/** A copy of a store's graph, and of what some organisations see in it. */
export class GraphCopy {
  readonly graph = new ResidentGraph();
  readonly #follower: EdgeFollower;
  readonly #options: CopyOptions;
  #arrays: GraphArrays | undefined;
  /** By organisations and time; those used last come last. */
  readonly #vectors = new Map<string, Promise<Vectors>>();

  constructor(source: EdgeSource, options: CopyOptions) {
    this.#follower = source.follow({
      changes: options.followsChanges,
      numberOf: (reference) => this.graph.numberOf(reference),
    });
    this.#options = options;
  }

  /** Bytes that the graph takes with the vectors of one set of organisations. */
  get bytes(): number {
    return this.graph.bytes + this.#vectorBytes;
  }

  /** Reads what was stored since the last call; calls `onRead` with the number of documents. */
  async catchUp(
    budget: Budget,
    onRead: (count: number) => void = () => {},
  ): Promise<CopyFault | undefined> {
    for await (const chunk of this.#follower.read()) {
      if (chunk === "changed") return "changed";
      const { events, objects } = chunk;
      for (const event of events) this.graph.add(event);
      for (const object of objects) this.graph.addObject(object);
      if (this.bytes > this.#options.maxBytes) return "too_large";
      onRead(events.length + objects.length);
      await budget.yieldIfDue();
    }
    const { events, objects } = this.graph.counts;
    if (events !== this.#arrays?.eventCount || objects !== this.#arrays.objectCount) {
      this.#vectors.clear();
      this.#arrays = await this.graph.arrays(budget);
    }
    return undefined;
  }

  /** What the organisations see, of everything that was read until the last call of `catchUp`. */
  vectors({ orgids, now }: Sight, budget: Budget): Promise<Vectors> {
    const organisations = this.graph.organisations(orgids);
    const key = [now, ...[...organisations].sort((a, b) => a - b)].join();
    const vectors = this.#vectors.get(key) ?? this.#compute({ organisations, now }, budget);
    this.#vectors.delete(key);
    this.#vectors.set(key, vectors);
    vectors.catch(() => this.#vectors.delete(key));
    this.#forgetOldest();
    return vectors;
  }

  close(): Promise<void> {
    return this.#follower.close();
  }

  #compute(
    { organisations, now }: { organisations: ReadonlySet<number>; now: number },
    budget: Budget,
  ): Promise<Vectors> {
    const { decay, hubEvents } = this.#options;
    return computeVectors(this.#arrays!, { organisations, now, decay, hubEvents, budget });
  }

  #forgetOldest(): void {
    const room = Math.floor((this.#options.maxBytes - this.graph.bytes) / this.#vectorBytes);
    for (const key of this.#vectors.keys()) {
      if (this.#vectors.size <= Math.min(MAX_VECTORS, Math.max(1, room))) return;
      this.#vectors.delete(key);
    }
  }

  get #vectorBytes(): number {
    return vectorBytes({ events: this.graph.events.size, references: this.graph.references.size });
  }
}
