import { attribute } from "../tahoe/attribute.ts";
import type { Category, Event, Hash, Instance } from "../tahoe/instance.ts";
import type { Scalar } from "../tahoe/value.ts";

/** How an event is judged, or how it sees an instance that it holds; `all` admits each. */
export type Verdict = Category | "all";

/** Every verdict, in the order in which help texts and errors list them. */
export const VERDICTS = [
  "all",
  "benign",
  "malicious",
  "unknown",
] as const satisfies readonly Verdict[];

/** Selects events. Nothing returns an event without it, so nobody sees what they may not see. */
export type EventFilter = {
  /** Organisations whose events may be seen; an empty list matches nothing. */
  readonly orgids: readonly string[];
  /**
   * Seconds since 1970, UTC, both inclusive; -Infinity and Infinity set no bound. An event whose
   * time is not a finite number is never in range.
   */
  readonly start: number;
  readonly end: number;
  readonly category: Verdict;
};

/** Selects events by an attribute or object that they hold, directly or inside another object. */
export type HolderFilter = { readonly hash: Hash; readonly context: Verdict };

/** Attribute that a question is about; it need not be stored. */
export type AskedAttribute = {
  readonly subType: string;
  readonly data: Scalar;
  /** How the events that hold it must see it. */
  readonly context: Verdict;
};

/**
 * Makes the filter for events that hold the asked attribute.
 *
 * @throws {TypeError} when `data` is not a scalar, or `subType` is not a string.
 * @throws {RangeError} when `subType` is not an identifier.
 */
export function holderFilter({ subType, data, context }: AskedAttribute): HolderFilter {
  return { hash: attribute(subType, data)._hash, context };
}

/** The archive as count and related see it. Lists of hashes have a few thousand items at most. */
export interface Graph {
  /** Counts the events that hold the instance in its context and pass the filter. */
  countHolders(held: HolderFilter, filter: EventFilter): Promise<number>;

  /**
   * Returns these events, newest first and equally old ones by hash: at most `limit`, after leaving
   * out the first `skip`.
   */
  holders(
    held: HolderFilter,
    filter: EventFilter,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]>;

  /** Returns those of the events that pass the filter, each once, in no particular order. */
  events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]>;

  /** Returns those of the hashes that are events of the organisations, in no particular order. */
  visibleEvents(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]>;

  /**
   * Returns the hashes of the sessions to which any of the events belongs, each once, in no
   * particular order. It does not return documents: they hold the hashes of all events, including
   * hidden ones, and a session may have 200,000.
   */
  sessionsOf(events: readonly Hash[]): Promise<Hash[]>;

  /** Returns what is stored under these hashes, each once, in no particular order. */
  get(hashes: readonly Hash[]): Promise<Instance[]>;
}
