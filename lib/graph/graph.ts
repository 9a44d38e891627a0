import { attribute } from "../tahoe/attribute.ts";
import type { Category, Event, Hash, Instance } from "../tahoe/instance.ts";
import type { Scalar } from "../tahoe/value.ts";

/** How an event is judged, or how an instance is seen in it; `all` chooses every one. */
export type Verdict = Category | "all";

/** Every verdict, in the order in which help and errors name them. */
export const VERDICTS = [
  "all",
  "benign",
  "malicious",
  "unknown",
] as const satisfies readonly Verdict[];

/** Chooses events. There is no way to an event without it: nobody sees what he may not. */
export type EventFilter = {
  /** The organisations whose events may be seen; of none, none. */
  readonly orgids: readonly string[];
  /**
   * Seconds since 1970, UTC, both inclusive; -Infinity and Infinity are no bound. An event whose
   * time is no finite number is in no range.
   */
  readonly start: number;
  readonly end: number;
  readonly category: Verdict;
};

/** Chooses events by an attribute or object they hold, directly or inside another. */
export type HolderFilter = { readonly hash: Hash; readonly context: Verdict };

/** The attribute that a question is about; it need not be stored. */
export type AskedAttribute = {
  readonly subType: string;
  readonly data: Scalar;
  /** How the events that hold it must see it. */
  readonly context: Verdict;
};

/** The filter for events that hold the asked attribute. Throws what {@link attribute} throws. */
export function holderFilter({ subType, data, context }: AskedAttribute): HolderFilter {
  return { hash: attribute(subType, data)._hash, context };
}

/** The archive as reports look at it. Lists of hashes have at most some thousands of members. */
export interface Graph {
  /** How many of the chosen events hold it in that context. */
  countHolders(held: HolderFilter, filter: EventFilter): Promise<number>;

  /** Those events, newest first, equally old ones by hash: at most `limit`, `skip` left out. */
  holders(
    held: HolderFilter,
    filter: EventFilter,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]>;

  /** The chosen events among these, each once, in no order. */
  events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]>;

  /** Which of these are events of the organisations, at any time, in no order. */
  visible(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]>;

  /**
   * Hashes of the sessions that any of the events belongs to, each once, in no order. No documents:
   * those hold the hashes of every event, hidden ones, too, and a session may have 200,000.
   */
  sessionsOf(events: readonly Hash[]): Promise<Hash[]>;

  /** What is stored under these hashes, each once, in no order. */
  get(hashes: readonly Hash[]): Promise<Instance[]>;
}
