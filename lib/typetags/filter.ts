import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";

/** What a filter needs to know about an upload besides its data. */
export type UploadSource = {
  /** The organisation that sent the upload, and to which its events belong. */
  readonly orgid: string;
  /** Seconds since 1970, UTC: the time of events whose record has none. */
  readonly timestamp: number;
};

/** What a filter made of an upload's data. */
export type FilterResult = {
  /** Attributes, objects, events and sessions, each once, children before their parents. */
  readonly instances: readonly Instance[];
  /** Hashes that the Raw refers to: events and all their descendants, and sessions. */
  readonly refs: readonly Hash[];
  readonly events: readonly Event[];
  /** Records that could not be read: their numbers, from 1, and why. */
  readonly rejected: readonly { readonly record: number; readonly reason: string }[];
  /** What was skipped, by name, and how often: `{"indicator without a pattern": 3}`. */
  readonly skipped: { readonly [what: string]: number };
};

/** Turns the data of uploads of one typetag into events. */
export type Filter = {
  /** Identifies the filter in the field `filters` of the Raws that it was applied to. */
  readonly id: string;
  /**
   * Makes events of the data of a Raw (see parsePlaintext). Pure: the result depends on the
   * arguments alone.
   *
   * @throws {Rejected} EVENTS_INVALID when the data contains nothing that the filter could read,
   * EVENTS_REJECTED when the data is of this format but damaged.
   */
  readonly read: (data: Value, source: UploadSource) => FilterResult;
};
