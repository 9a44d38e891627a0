import type { Category, Hash } from "../tahoe/instance.ts";
import type { Scalar } from "../tahoe/value.ts";

/** An event as ThreatRank sees it. */
export type EdgeEvent = {
  readonly hash: Hash;
  /** Seconds since 1970, UTC; a finite number. */
  readonly timestamp: number;
  readonly category: Category;
  /** Attributes and objects of the event, including attributes inside its objects. */
  readonly references: readonly Hash[];
};

/** What people call an instance. */
export type InstanceName = {
  /** `sub_type=itype`. */
  readonly label: string;
  /** Value of an attribute whose document takes at most {@link MAX_NAMED_BYTES}. */
  readonly data?: Scalar;
};

/** Size of a stored document, in bytes, up to which its data is part of its name. */
export const MAX_NAMED_BYTES = 1000;

/**
 * The archive as ThreatRank walks it. Every method that returns events returns only those of the
 * given organisations. Events whose time is not a finite number do not exist here.
 */
export interface Edges {
  /** Finds an event by its hash; undefined if it is unknown or hidden, or not an event. */
  event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined>;

  /**
   * Yields batches of events that hold any of the attributes, without the `known` ones, in no
   * particular order; a caller that has enough stops iterating. An event may come twice.
   */
  holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]>;

  /** Returns those of the hashes that belong to objects. */
  objectsAmong(hashes: readonly Hash[]): Promise<readonly Hash[]>;

  /** Returns the names of those instances that are stored. */
  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>>;
}
