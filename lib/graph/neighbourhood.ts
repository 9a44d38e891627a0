import type { Hash } from "../tahoe/instance.ts";
import type { EdgeEvent } from "./edges.ts";
import { type Lists, transposed } from "./lists.ts";
import type { Pace } from "./pace.ts";

/**
 * What lies within six hops of an event, by index. The asked event is number 0: it has its
 * attributes, but none of them has it, so that no path comes back to it.
 */
export type Neighbourhood = {
  readonly events: readonly Hash[];
  readonly attributes: readonly Hash[];
  readonly attributesOf: Lists;
  readonly eventsOf: Lists;
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
type State = "open" | "closed" | "object";

/** A path may end at a malicious event, go on behind one within reach, and do neither elsewhere. */
type Kind = "malicious" | "within" | "beyond";

/** Gathers events and what they hold, and makes a {@link Neighbourhood} of them. */
export class Gathering {
  readonly #events = new Map<Hash, number>();
  readonly #timestamps: number[] = [];
  readonly #kinds: Kind[] = [];
  readonly #references = new Map<Hash, number>();
  readonly #order: Hash[] = [];
  readonly #states: State[] = [];
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
  async finish(now: number, decay: number, pace: Pace): Promise<Neighbourhood> {
    const attributesOf = this.#attributesOf();
    await pace.breathe();
    const eventsOf = transposed(withoutFirst(attributesOf), this.#order.length);
    await pace.breathe();
    const eventWeights = this.#eventWeights(attributesOf, now, decay);
    const degrees = new Uint32Array(this.#order.length);
    for (const attribute of attributesOf.items) degrees[attribute]!++;
    await pace.breathe();
    const open = new Uint8Array(degrees.length);
    this.#states.forEach((state, a) => open[a] = state === "open" ? 1 : 0);
    const attributeWeights = new Float64Array(degrees.length);
    open.forEach((isOpen, a) => attributeWeights[a] = isOpen ? 0 : 1 / degrees[a]!);
    await pace.breathe();
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

  #attributesOf(): Lists {
    const starts = new Uint32Array(this.#ends.length + 1);
    const items = new Uint32Array(this.#held.length);
    let length = 0;
    for (let e = 0, k = 0; e < this.#ends.length; e++) {
      for (; k < this.#ends[e]!; k++) {
        const reference = this.#held[k]!;
        if (this.#states[reference] !== "object") items[length++] = reference;
      }
      starts[e + 1] = length;
    }
    return { starts, items: items.slice(0, length) };
  }

  #eventWeights({ starts }: Lists, now: number, decay: number): Float64Array {
    const weights = new Float64Array(this.#timestamps.length);
    this.#timestamps.forEach((timestamp, e) => {
      if (this.#kinds[e] === "beyond") return;
      const days = Math.max(0, Math.floor((now - timestamp) / SECONDS_PER_DAY));
      weights[e] = decay ** days / (starts[e + 1]! - starts[e]!);
    });
    return weights;
  }
}

function withoutFirst({ starts, items }: Lists): Lists {
  return { starts: starts.with(0, starts[1]!), items };
}
