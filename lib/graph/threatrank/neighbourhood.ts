import type { Hash } from "../../tahoe/instance.ts";
import type { Budget } from "../budget.ts";
import type { EdgeEvent } from "../edges.ts";
import { type Csr, transpose } from "./adjacency.ts";
import type { PathGraph } from "./path_bounds.ts";

/**
 * Events and attributes within six hops of the asked event, as arrays that both kinds of node index.
 * The asked event is number 0: it lists its attributes, but no attribute lists it, so that no path
 * returns to it.
 */
export type Neighbourhood = PathGraph & {
  readonly events: readonly Hash[];
  readonly attributes: readonly Hash[];
  /** Attributes by event. */
  readonly attributesOf: Csr;
  /** Events by attribute. */
  readonly eventsOf: Csr;
  /**
   * Factor of each event in the weight of a path: its decay with age, divided by its number of
   * attributes; 0 if it lies six hops away and is not malicious.
   */
  readonly eventWeights: Float64Array;
  /** The same factor for malicious events, 0 for others. */
  readonly threats: Float64Array;
  /** Factor of each attribute: 1 divided by its number of events; 0 if it is open. */
  readonly attributeWeights: Float64Array;
  /** 1 for attributes of which not all events are known. No path through them is counted. */
  readonly open: Uint8Array;
};

export type BuildOptions = {
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Factor by which an event's weight falls with each whole day of its age. */
  readonly decay: number;
  readonly budget: Budget;
};

const SECONDS_PER_DAY = 86_400;

/** Kind of a reference: an attribute is open until all events that hold it were added. */
type ReferenceState = "open" | "closed" | "object";

/** A path may end at a malicious event, pass through one within reach, and do neither beyond it. */
type EventRole = "malicious" | "within" | "beyond";

/** Collects events and what they hold, and makes a {@link Neighbourhood} of them. */
export class NeighbourhoodBuilder {
  readonly #events = new Map<Hash, number>();
  readonly #timestamps: number[] = [];
  readonly #roles: EventRole[] = [];
  readonly #referenceIndices = new Map<Hash, number>();
  readonly #references: Hash[] = [];
  readonly #states: ReferenceState[] = [];
  /** References of all events, one event after another, and where the references of each end. */
  readonly #held: number[] = [];
  readonly #ends: number[] = [];

  /** The events that were added. */
  get known(): ReadonlyMap<Hash, unknown> {
    return this.#events;
  }

  /** Everything that the events hold, in the order in which it was first seen. */
  get references(): readonly Hash[] {
    return this.#references;
  }

  get edgeCount(): number {
    return this.#held.length;
  }

  /**
   * Adds an event that is not known yet. No path goes on from an event of the last layer: unless it
   * is malicious, it counts only as a holder of attributes that were seen before.
   */
  add(
    { hash, timestamp, category, references }: EdgeEvent,
    { isLast }: { readonly isLast: boolean },
  ): void {
    const role = category === "malicious" ? category : isLast ? "beyond" : "within";
    this.#events.set(hash, this.#events.size);
    this.#timestamps.push(timestamp);
    this.#roles.push(role);
    for (const reference of new Set(references)) {
      const index = this.#referenceIndices.get(reference);
      if (index !== undefined) this.#held.push(index);
      else if (role !== "beyond") this.#held.push(this.#addReference(reference));
    }
    this.#ends.push(this.#held.length);
  }

  /** Marks references as objects, which have no part in the graph. */
  excludeObjects(objects: readonly Hash[]): void {
    for (const hash of objects) this.#setState(hash, "object");
  }

  /** Returns those of the references that are attributes. */
  attributes(references: readonly Hash[]): readonly Hash[] {
    return references.filter((hash) =>
      this.#states[this.#referenceIndices.get(hash)!] !== "object"
    );
  }

  /** Marks attributes as complete: all events that hold any of them were added. */
  close(attributes: readonly Hash[]): void {
    for (const hash of attributes) this.#setState(hash, "closed");
  }

  async build({ now, decay, budget }: BuildOptions): Promise<Neighbourhood> {
    const attributesOf = this.#attributesOf();
    await budget.yieldIfDue();
    const eventsOf = await transpose(
      withoutFirst(attributesOf),
      this.#references.length,
      budget,
    );
    await budget.yieldIfDue();
    const eventWeights = this.#eventWeights(attributesOf, now, decay);
    const degrees = new Uint32Array(this.#references.length);
    for (const attribute of attributesOf.indices) degrees[attribute]!++;
    await budget.yieldIfDue();
    const open = new Uint8Array(degrees.length);
    this.#states.forEach((state, a) => open[a] = state === "open" ? 1 : 0);
    const attributeWeights = new Float64Array(degrees.length);
    open.forEach((isOpen, a) => attributeWeights[a] = isOpen ? 0 : 1 / degrees[a]!);
    await budget.yieldIfDue();
    const events = [...this.#events.keys()];
    const attributes = this.#references;
    return {
      events,
      attributes,
      compareEvents: (a, b) => events[a]! < events[b]! ? -1 : 1,
      compareAttributes: (a, b) => attributes[a]! < attributes[b]! ? -1 : 1,
      attributesOf,
      eventsOf,
      eventWeights,
      threats: eventWeights.map((weight, e) => this.#roles[e] === "malicious" ? weight : 0),
      attributeWeights,
      open,
    };
  }

  #addReference(hash: Hash): number {
    const index = this.#references.length;
    this.#referenceIndices.set(hash, index);
    this.#references.push(hash);
    this.#states.push("open");
    return index;
  }

  #setState(reference: Hash, state: ReferenceState): void {
    this.#states[this.#referenceIndices.get(reference)!] = state;
  }

  #attributesOf(): Csr {
    const offsets = new Uint32Array(this.#ends.length + 1);
    const indices = new Uint32Array(this.#held.length);
    let length = 0;
    for (let e = 0, k = 0; e < this.#ends.length; e++) {
      for (; k < this.#ends[e]!; k++) {
        const reference = this.#held[k]!;
        if (this.#states[reference] !== "object") indices[length++] = reference;
      }
      offsets[e + 1] = length;
    }
    return { offsets, indices: indices.slice(0, length) };
  }

  #eventWeights({ offsets }: Csr, now: number, decay: number): Float64Array {
    const weights = new Float64Array(this.#timestamps.length);
    this.#timestamps.forEach((timestamp, e) => {
      if (this.#roles[e] === "beyond") return;
      const days = Math.max(0, Math.floor((now - timestamp) / SECONDS_PER_DAY));
      weights[e] = decay ** days / (offsets[e + 1]! - offsets[e]!);
    });
    return weights;
  }
}

/** Leaves out the list of the asked event. */
function withoutFirst({ offsets, indices }: Csr): Csr {
  return { offsets: offsets.with(0, offsets[1]!), indices };
}
