import { Rejected } from "../../errors.ts";
import type { Child } from "../../tahoe/children.ts";
import type { Category, Event } from "../../tahoe/instance.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { type Draft, isDistinctive, sizeOf } from "./draft.ts";

/** Half of what a document and a canonical form may have. In bytes and characters. */
const MAX_EVENT = 8 * 1024 * 1024;
/** Of all events: 100,000 objects, as many as an upload holds, take half of it. */
const MAX_EVENTS = 256 * 1024 * 1024;

/** When something was seen, and in which context. */
export type Occurrence = {
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly category: Category;
  /** What is to be marked with the category. */
  readonly marked: readonly Draft[];
};

/** Makes events of sketches. */
export class EventBuilder {
  readonly #collector: InstanceCollector;
  readonly #built = new Map<Draft, Child>();
  #size = 0;

  constructor(collector: InstanceCollector) {
    this.#collector = collector;
  }

  /**
   * Undefined, and counted, if the event would be too large to be stored. Throws Rejected
   * EVENTS_REJECTED if all events together are far larger than what they are made of.
   */
  event(subType: string, sketches: readonly Draft[], seen: Occurrence): Event | undefined {
    const distinct = [...new Set(sketches)];
    const size = sizeOf(distinct);
    this.#size += size;
    if (this.#size > MAX_EVENTS) {
      throw new Rejected(
        "EVENTS_REJECTED",
        "The same objects are referred to so often that their events would take more than " +
          "256 MiB. Split the upload",
      );
    }
    if (size > MAX_EVENT) {
      this.#collector.skip(`${subType} too large for one event`);
      return undefined;
    }
    const { timestamp, category, marked } = seen;
    const children = this.#children(distinct);
    const context = category === "unknown" ? {} : { [category]: this.#telling(marked) };
    return this.#collector.event(subType, children, { timestamp, category, ...context });
  }

  #children(sketches: readonly Draft[]): readonly Child[] {
    const children = sketches.map((sketch) => this.#child(sketch));
    return [...new Map(children.map((child) => [child._hash, child])).values()];
  }

  #child(sketch: Draft): Child {
    const grown = this.#built.get(sketch);
    if (grown !== undefined) return grown;
    const child = "parts" in sketch
      ? this.#collector.object(sketch.subType, this.#children(sketch.parts))
      : this.#collector.attribute(sketch.subType, sketch.data);
    this.#built.set(sketch, child);
    return child;
  }

  /** Those, and what is in them, that are worth marking. */
  #telling(sketches: readonly Draft[]): readonly Child[] {
    return this.#children(sketches.filter(isDistinctive).flatMap(withParts).filter(isDistinctive));
  }
}

function withParts(sketch: Draft): readonly Draft[] {
  return "parts" in sketch ? [sketch, ...sketch.parts.flatMap(withParts)] : [sketch];
}
