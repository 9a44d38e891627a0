import type { Hash, Instance, Raw } from "./instance.ts";

/**
 * A collection of instances, each there once under its hash. Documents keep every field they came
 * with; `_hash` is trusted, not computed again.
 */
export interface InstanceStore {
  /**
   * Stores what is not there yet, in the order given: children go first. What is there stays as it
   * is, but for what {@link mergedFields} says, and an event whose category is unknown gets the new
   * one: what `merged` (merged.ts) makes of both. Nothing of other writers at that moment is lost.
   *
   * Returns once all is durable. Thousands are stored in portions: others may see a beginning, and if
   * it throws, one may be left, which the next try completes.
   */
  put(instances: readonly Instance[]): Promise<void>;

  /** Those of the hashes that are there, each once, in no order. */
  get(hashes: readonly Hash[]): Promise<Instance[]>;

  /** Instances that have it as a child: their `_cref` holds the hash. */
  parents(hash: Hash): Promise<Instance[]>;

  /** Instances whose `_ref` holds the hash. */
  referrers(hash: Hash): Promise<Instance[]>;

  /**
   * Puts `instance` in the place of what is there under `hash` (the hashes may be equal). If
   * another document has the new hash already, that one is overwritten and the old one goes.
   * Throws RangeError if nothing is there under `hash`.
   */
  replace(hash: Hash, instance: Instance): Promise<void>;

  /** Takes out what is there under the hash; nothing happens if nothing is. */
  remove(hash: Hash): Promise<void>;

  /**
   * All that `work` does through the store it is given happens as one step, or, if it throws, not
   * at all; `atomically` of that store joins the step it is in. `work` may be run again after a
   * conflict with another writer. (A MongoDB server that is
   * no replica set has no transactions: there the steps follow one another.)
   */
  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T>;

  /** Every instance, in no order; what is written meanwhile may be missing. */
  all(): AsyncIterable<Instance>;

  /** The Raws of a sub-type in the order of their hashes, from the first one after `after` on. */
  raws(subType: string, after?: Hash): AsyncIterable<Raw>;

  /** Which of the hashes nothing is stored under. */
  missing(hashes: readonly Hash[]): Promise<Hash[]>;

  /** Instances in the collection, by itype. */
  count(): Promise<Record<string, number>>;
}

/**
 * What a second `put` of the same hash does to a field of the stored document, if it has that field.
 * `union`: the set gains the members that it lacks. `latest`: members of the same `_hash` are
 * replaced, and the {@link LATEST} that were put last stay. `replace`: the field becomes the new one.
 */
export type Merging = "union" | "latest" | "replace";

/** The fields that a second `put` of the same hash changes, by itype. */
export const mergedFields: {
  readonly [itype: string]: { readonly [field: string]: Merging };
} = {
  event: { _ben_ref: "union", _mal_ref: "union" },
  raw: { _sources: "union", _ref: "union", filters: "union", _valid: "replace" },
  // Without a bound the report of a common rank would gather all events of that rank.
  report: { evidence: "latest" },
  session: { _ref: "union", start_time: "replace", end_time: "replace", duration: "replace" },
};

/** Members of a latest set: more than are likely to be put before who asked has read his own. */
export const LATEST = 32;
