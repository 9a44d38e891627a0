import type { Budget } from "../budget.ts";
import type { FollowedEvent, HashOrBytes } from "../edge_follower.ts";
import { type Csr, transpose } from "../threatrank/adjacency.ts";
import { GrowingFloat64s, GrowingUint32s, GrowingUint8s } from "./growing_array.ts";
import { HashTable } from "./hash_table.ts";

/**
 * A graph of all events of all organisations, at one moment, as arrays that events and references
 * index. Objects are references without a part in the graph: vectors give them no weight.
 */
export type GraphArrays = {
  readonly eventCount: number;
  readonly referenceCount: number;
  readonly objectCount: number;
  /** Seconds since 1970, UTC. */
  readonly timestamps: Float64Array;
  /** 1 for malicious events. */
  readonly malicious: Uint8Array;
  /** The number of each event's organisation. */
  readonly organisations: Uint32Array;
  /** 1 for references that are objects. */
  readonly isObject: Uint8Array;
  /** References by event. */
  readonly referencesOf: Csr;
  /** Events by reference. */
  readonly eventsOf: Csr;
};

/** Collects the events of a store and what they refer to, in 25 bytes per edge and 50 per node. */
export class ResidentGraph {
  readonly events = new HashTable();
  readonly references = new HashTable();
  readonly #orgids = new Map<string, number>();
  readonly #timestamps = new GrowingFloat64s();
  readonly #malicious = new GrowingUint8s();
  readonly #organisations = new GrowingUint32s();
  readonly #isObject = new GrowingUint8s();
  /** The last event that referred to each reference, plus 1. */
  readonly #lastHolders = new GrowingUint32s();
  readonly #offsets = new GrowingUint32s();
  readonly #held = new GrowingUint32s();

  #objectCount = 0;

  constructor() {
    this.#offsets.push(0);
  }

  /** Numbers of events and objects, which only grow. */
  get counts(): { readonly events: number; readonly objects: number } {
    return { events: this.events.size, objects: this.#objectCount };
  }

  /** Bytes that the graph takes, and the arrays that {@link arrays} makes of it. */
  get bytes(): number {
    const arrays = [
      this.#timestamps,
      this.#malicious,
      this.#organisations,
      this.#isObject,
      this.#lastHolders,
      this.#offsets,
      this.#held,
    ];
    const own = arrays.reduce((sum, { bytes }) => sum + bytes, 0);
    const transposed = 4 * (this.#held.length + this.references.size);
    return own + transposed + this.events.bytes + this.references.bytes;
  }

  /** Returns the number of a reference, new if necessary; it need not be that of any event yet. */
  numberOf(hash: HashOrBytes): number {
    const reference = this.references.add(hash);
    if (reference === this.#isObject.length) {
      this.#isObject.push(0);
      this.#lastHolders.push(0);
    }
    return reference;
  }

  /** Adds an event; one that is there already stays as it is. */
  add({ hash, timestamp, category, references, orgid }: FollowedEvent): void {
    const event = this.events.size;
    if (this.events.add(hash) < event) return;
    this.#timestamps.push(timestamp);
    this.#malicious.push(category === "malicious" ? 1 : 0);
    this.#organisations.push(this.#organisation(orgid));
    for (const reference of references) {
      if (this.#lastHolders.at(reference) === event + 1) continue;
      this.#lastHolders.set(reference, event + 1);
      this.#held.push(reference);
    }
    this.#offsets.push(this.#held.length);
  }

  /** Marks a reference, given by its number, as an object. */
  addObject(object: number): void {
    if (this.#isObject.at(object) === 1) return;
    this.#isObject.set(object, 1);
    this.#objectCount++;
  }

  /** Returns those of the organisations that have events, by their numbers. */
  organisations(orgids: readonly string[]): ReadonlySet<number> {
    return new Set(orgids.map((orgid) => this.#orgids.get(orgid)).filter((n) => n !== undefined));
  }

  /** Makes the arrays, which show what was added until now. */
  async arrays(budget: Budget): Promise<GraphArrays> {
    const referencesOf = { offsets: this.#offsets.items, indices: this.#held.items };
    const now = {
      eventCount: this.events.size,
      referenceCount: this.references.size,
      objectCount: this.#objectCount,
      timestamps: this.#timestamps.items,
      malicious: this.#malicious.items,
      organisations: this.#organisations.items,
      isObject: this.#isObject.items,
      referencesOf,
    };
    const eventsOf = await transpose(referencesOf, now.referenceCount, budget);
    return { ...now, eventsOf };
  }

  #organisation(orgid: string): number {
    const known = this.#orgids.get(orgid);
    if (known !== undefined) return known;
    this.#orgids.set(orgid, this.#orgids.size);
    return this.#orgids.size - 1;
  }
}
