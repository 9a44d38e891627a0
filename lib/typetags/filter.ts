import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";

/** What an upload says of itself, as far as its events need it. */
export type UploadSource = {
  /** The organisation that sent it: its events are that one's. */
  readonly orgid: string;
  /** Seconds since 1970, UTC: the time of what has none of its own. */
  readonly timestamp: number;
};

/** What a filter made of an upload's data. */
export type FilterResult = {
  /** Attributes, objects, events and sessions, each once, children before what holds them. */
  readonly instances: readonly Instance[];
  /** Of the events and all that they hold, and of the sessions: what the Raw refers to. */
  readonly refs: readonly Hash[];
  readonly events: readonly Event[];
  /** Records that no event was made of: their numbers, from 1, and why. */
  readonly rejected: readonly { readonly record: number; readonly reason: string }[];
  /** What was passed over, by name, and how often: `{"indicator without a pattern": 3}`. */
  readonly skipped: { readonly [what: string]: number };
};

/** Turns the data of uploads of one typetag into events. */
export type Filter = {
  /** Stands in `filters` of the Raws it was applied to. */
  readonly id: string;
  /**
   * Depends on nothing but its arguments. `data` is the Raw's: see parsePlaintext.
   *
   * Throws {@link Rejected}, EVENTS_INVALID if there is nothing in the data that it could read,
   * EVENTS_REJECTED if there is but it cannot be read.
   */
  readonly read: (data: Value, sent: UploadSource) => FilterResult;
};
