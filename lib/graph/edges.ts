import type { Category, Hash } from "../tahoe/instance.ts";
import type { Scalar } from "../tahoe/value.ts";

/** An event as ThreatRank sees it. */
export type EdgeEvent = {
  readonly hash: Hash;
  /** Seconds since 1970, UTC; a finite number. */
  readonly timestamp: number;
  readonly category: Category;
  /** The attributes it holds, those inside its objects, too, and these objects. */
  readonly references: readonly Hash[];
};

/** What an instance is called, for people. */
export type InstanceName = {
  /** `sub_type=itype`. */
  readonly label: string;
  /** Of an attribute that takes no more than {@link MAX_NAMED} bytes. */
  readonly data?: Scalar;
};

/** Size of a stored document, in bytes, up to which its data is part of its name. */
export const MAX_NAMED = 1000;

/**
 * The archive as ThreatRank walks it: events of these organisations only. An event whose time is
 * no finite number has no part in it.
 */
export interface Edges {
  /** The event of this hash; nothing if it is hidden, unknown or no event's. */
  event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined>;

  /**
   * Events that hold any of the attributes, but for those that are `known`, in no order and some at
   * a time: whoever has enough stops asking. One may come twice.
   */
  holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]>;

  /** Which of the hashes are objects'. */
  objects(hashes: readonly Hash[]): Promise<readonly Hash[]>;

  /** What those of the hashes that are there are called. */
  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>>;
}
