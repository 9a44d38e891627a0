import type { Hash } from "../tahoe/instance.ts";
import type { EdgeEvent } from "./edges.ts";

/** A hash, or the 32 bytes for which its digits stand: whoever stores those need not write digits. */
export type HashOrBytes = Hash | Uint8Array;

/** Returns the number of a reference, which equal hashes have in common. */
export type NumberOf = (reference: HashOrBytes) => number;

/** An event of any organisation, with the numbers of its references. */
export type FollowedEvent = Omit<EdgeEvent, "hash" | "references"> & {
  readonly hash: HashOrBytes;
  readonly references: readonly number[];
  readonly orgid: string;
};

/** Part of the whole graph: events of all organisations, and objects. */
export type EdgeChunk = {
  /** Events at finite times; some of them may have been read before. */
  readonly events: readonly FollowedEvent[];
  /** Numbers of references that are objects, so not attributes. */
  readonly objects: readonly number[];
};

export type FollowOptions = {
  /** Whether to notice changes; otherwise the follower reads once. */
  readonly changes: boolean;
  /** Numbers references: a store that knows them by ids of its own asks about each only once. */
  readonly numberOf: NumberOf;
};

/**
 * Reads the whole graph for a copy in memory, and later what came since. It returns events of all
 * organisations: only a copy that selects them for each question may use it.
 */
export interface EdgeFollower {
  /**
   * Yields what was stored since the last call, the first time everything. Whatever was stored
   * before the call is in it. Yields `"changed"`, and ends, when an event or object was changed or
   * removed since the first call, or when that is not certain: only a new follower helps.
   */
  read(): AsyncIterable<EdgeChunk | "changed">;
  close(): Promise<void>;
}

/** A store whose graph can be followed. */
export interface EdgeSource {
  /** Whether followers can see changes, so that a copy can be kept. */
  readonly reportsChanges: boolean;
  follow(options: FollowOptions): EdgeFollower;
  /** Estimates the number of events and objects, or of all documents if that is not known. */
  estimateSize(): Promise<number>;
}
