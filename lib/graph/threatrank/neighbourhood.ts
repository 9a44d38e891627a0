import type { Hash } from "../../tahoe/instance.ts";
import type { EdgeEvent } from "../edges.ts";
import { type Csr, transpose } from "./adjacency.ts";
import type { Budget } from "../budget.ts";

/**
 * What lies within six hops of an event, by index. The asked event is number 0: it has its
 * attributes, but none of them has it, so that no path comes back to it.
 */
export type Neighbourhood = {
  readonly events: readonly Hash[];
  readonly attributes: readonly Hash[];
  readonly attributesOf: Csr;
  readonly eventsOf: Csr;
  /**
   * What an event multiplies a path with: its fading, divided by its number of attributes; 0 if it
   * lies six hops away and is not malicious.
   */
  readonly eventWeights: Float64Array;
  /** The same of malicious events, 0 of others. */
  readonly threats: Float64Array;
  /** What an attribute multiplies a path with: 1 divided by its number of events; 0 if open. */
  readonly attributeWeights: Float64Array;
  /** Attributes whose events are not all known. No path through them is counted. */
  readonly open: Uint8Array;
};

const SECONDS_PER_DAY = 86_400;

/** What is known of a reference: an attribute is open until all events that hold it are there. */
type ReferenceState = "open" | "closed" | "object";

/** A path may end at a malicious event, go on behind one within reach, and do neither elsewhere. */
type EventRole = "malicious" | "within" | "beyond";

/** Gathers events and what they hold, and makes a {@link Neighbourhood} of them. */
export class NeighbourhoodBuilder {
  readonly #events = new Map<Hash, number>();
  readonly #timestamps: number[] = [];
  readonly #kinds: EventRole[] = [];
  readonly #references = new Map<Hash, number>();
  readonly #order: Hash[] = [];
  readonly #states: ReferenceState[] = [];
  /** The references of one event after those of the other, and where each event's end. */
  readonly #held: number[] = [];
  readonly #ends: number[] = [];

  /** The events that were added. */
  get known(): ReadonlyMap<Hash, unknown> {
    return this.#events;
  }

  /** Everything that the events hold, in the order in which it was first seen. */
  get references(): readonly Hash[] {
    return this.#order;
  }

  get edgeCount(): number {
    return this.#held.length;
  }

  /**
   * Adds an event that is not known yet. No path goes on behind one that is `last`: unless it is
   * malicious, it counts only among the holders of attributes seen before.
   */
  add({ hash, timestamp, category, references }: EdgeEvent, last: boolean): void {
    const kind = category === "malicious" ? category : last ? "beyond" : "within";
    this.#events.set(hash, this.#events.size);
    this.#timestamps.push(timestamp);
    this.#kinds.push(kind);
    for (const reference of new Set(references)) {
      const index = this.#references.get(reference);
      if (index !== undefined) this.#held.push(index);
      else if (kind !== "beyond") this.#held.push(this.#newReference(reference));
    }
    this.#ends.push(this.#held.length);
  }

  /** These are objects: they have no part in the graph. */
  leaveOut(objects: readonly Hash[]): void {
    for (const hash of objects) this.#states[this.#references.get(hash)!] = "object";
  }

  /** Which of the references are attributes. */
  attributes(references: readonly Hash[]): readonly Hash[] {
    return references.filter((hash) => this.#states[this.#references.get(hash)!] !== "object");
  }

  /** All events that hold any of these have been added. */
  close(attributes: readonly Hash[]): void {
    for (const hash of attributes) this.#states[this.#references.get(hash)!] = "closed";
  }

  /** `now` in seconds since 1970; by a day's age an event's weight falls to `decay` times itself. */
  async build(now: number, decay: number, budget: Budget): Promise<Neighbourhood> {
    const attributesOf = this.#attributesOf();
    await budget.yieldIfDue();
    const eventsOf = transpose(withoutFirst(attributesOf), this.#order.length);
    await budget.yieldIfDue();
    const eventWeights = this.#eventWeights(attributesOf, now, decay);
    const degrees = new Uint32Array(this.#order.length);
    for (const attribute of attributesOf.indices) degrees[attribute]!++;
    await budget.yieldIfDue();
    const open = new Uint8Array(degrees.length);
    this.#states.forEach((state, a) => open[a] = state === "open" ? 1 : 0);
    const attributeWeights = new Float64Array(degrees.length);
    open.forEach((isOpen, a) => attributeWeights[a] = isOpen ? 0 : 1 / degrees[a]!);
    await budget.yieldIfDue();
    return {
      events: [...this.#events.keys()],
      attributes: this.#order,
      attributesOf,
      eventsOf,
      eventWeights,
      threats: eventWeights.map((weight, e) => this.#kinds[e] === "malicious" ? weight : 0),
      attributeWeights,
      open,
    };
  }

  #newReference(hash: Hash): number {
    const index = this.#order.length;
    this.#references.set(hash, index);
    this.#order.push(hash);
    this.#states.push("open");
    return index;
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
      if (this.#kinds[e] === "beyond") return;
      const days = Math.max(0, Math.floor((now - timestamp) / SECONDS_PER_DAY));
      weights[e] = decay ** days / (offsets[e + 1]! - offsets[e]!);
    });
    return weights;
  }
}

function withoutFirst({ offsets, indices }: Csr): Csr {
  return { offsets: offsets.with(0, offsets[1]!), indices };
}
