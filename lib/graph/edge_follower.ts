import type { Hash } from "../tahoe/instance.ts";
import type { EdgeEvent } from "./edges.ts";

/** Part of the whole graph: events of all organisations, and objects. */
export type EdgeChunk = {
  /** Events at finite times; some of them may have been read before. */
  readonly events: readonly (EdgeEvent & { readonly orgid: string })[];
  /** References that are objects, so not attributes. */
  readonly objects: readonly Hash[];
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
  /** Makes a follower; without `changes` it reads once, and need not notice what changes later. */
  follow(options: { readonly changes: boolean }): EdgeFollower;
  /** Estimates the number of events and objects, or of all documents if that is not known. */
  estimateSize(): Promise<number>;
}
