import { attribute, type AttributeName } from "../tahoe/attribute.ts";
import type { Category, Event, Hash, Instance } from "../tahoe/instance.ts";
import type { Damaged } from "../tahoe/instances.ts";
import type { Sightings } from "./sightings.ts";

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

/**
 * Selects events by attributes or objects that they hold, directly or inside another object: events
 * that hold any of them in the context. No hashes match nothing.
 */
export type HolderFilter = { readonly hashes: readonly Hash[]; readonly context: Verdict };

/** Attributes that a question is about: all of them mean the same. They need not be stored. */
export type AskedAttributes = {
  readonly attributes: readonly AttributeName[];
  /** How the events must see the attribute that they hold. */
  readonly context: Verdict;
};

/**
 * Makes the filter for events that hold any of the asked attributes.
 *
 * @throws {TypeError} when `data` is not a scalar, or `subType` is not a string.
 * @throws {RangeError} when `subType` is not an identifier.
 */
export function holderFilter({ attributes, context }: AskedAttributes): HolderFilter {
  const hashes = attributes.map(({ subType, data }) => attribute(subType, data)._hash);
  return { hashes: [...new Set(hashes)], context };
}

/** Times of the oldest and the newest of some events, in seconds since 1970, UTC. */
export type TimeSpan = { readonly first: number; readonly last: number };

/**
 * A place in the order in which things were stored: texts that sort in this order. An empty one is
 * before everything.
 */
export type Serial = string;

/** A moment at which something was added to the archive, in whole microseconds since 1970, UTC. */
export type AddedTime = number;

/** An event, or why it cannot be read, and where and when it was stored. */
export type StoredEvent = {
  readonly event: Event | Damaged;
  readonly serial: Serial;
  /** Never less than that of an event that was stored before. */
  readonly added: AddedTime;
};

/** Which events are wanted, by where they were stored. */
export type StoredRange = {
  readonly after: Serial;
  /** The end by default. */
  readonly until?: Serial;
  readonly limit: number;
};

/** Where to look for events: among the instances that were stored last before a serial. */
export type LatestRange = {
  /** The end by default. */
  readonly before?: Serial;
  /** The most instances to look at, of every kind. */
  readonly rows: number;
};

/** What events hold that were stored last. */
export type LatestEvents = {
  /** For each event, the hashes of what it holds, directly or inside an object. */
  readonly references: readonly (readonly Hash[])[];
  /** The serial before which to go on; missing if there is nothing before. */
  readonly next?: Serial;
};

/** The archive as count and related see it. Lists of hashes have a few thousand items at most. */
export interface Graph {
  /** Counts the events that hold any of the instances in the context and pass the filter. */
  countHolders(held: HolderFilter, filter: EventFilter): Promise<number>;

  /** Returns when the oldest and the newest of these events were; undefined if there is none. */
  timeSpan(held: HolderFilter, filter: EventFilter): Promise<TimeSpan | undefined>;

  /**
   * Counts these events by time: one number for each bound, of the events from it up to the next
   * bound, which is excluded; the last bound has none. Bounds ascend.
   */
  countByTime(
    held: HolderFilter,
    filter: EventFilter,
    bounds: readonly number[],
  ): Promise<number[]>;

  /**
   * Returns these events, newest first and equally old ones by hash: at most `limit`, after leaving
   * out the first `skip`.
   */
  holders(
    held: HolderFilter,
    filter: EventFilter,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]>;

  /**
   * Counts, for each group, the events that hold any of its instances and pass the filter. An event
   * that holds several of them counts once.
   */
  sightings(groups: readonly (readonly Hash[])[], filter: EventFilter): Promise<Sightings[]>;

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

  /**
   * Returns events of the organisations in the order in which they were stored: at most `limit`, from
   * after one serial up to and including another. If there are fewer, there are no more.
   */
  eventsBetween(orgids: readonly string[], range: StoredRange): Promise<StoredEvent[]>;

  /**
   * Tells whether one of the holders that pass the filter was stored after one serial, up to and
   * including another.
   */
  isHeldBetween(
    held: HolderFilter,
    filter: EventFilter,
    range: { readonly after: Serial; readonly until: Serial },
  ): Promise<boolean>;

  /**
   * Looks at what was stored last, in no longer time however much is stored, and returns what those
   * events hold that pass the filter. Events of which that cannot be read are left out.
   */
  latestEvents(filter: EventFilter, range: LatestRange): Promise<LatestEvents>;

  /**
   * Notes when what is stored so far was added, at the latest: at `now`, unless that is known already.
   * Returns a serial up to which nothing will be stored any more, and everything was added by then.
   */
  noteAdded(now: AddedTime): Promise<Serial>;

  /** Returns the serial after which everything was added later than a moment. */
  serialAt(time: AddedTime): Promise<Serial>;

  /** Returns when the first of all that is noted was added; undefined if there is nothing. */
  firstAdded(): Promise<AddedTime | undefined>;

  /** Whether nothing at all is stored. */
  isEmpty(): Promise<boolean>;
}
