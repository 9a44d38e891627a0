import type { Hash, Instance, Raw } from "./instance.ts";

/**
 * A collection of instances, each there once under its hash. Documents keep every field they came
 * with; `_hash` is trusted, not computed again.
 */
export interface InstanceStore {
  /**
   * Stores what is not there yet, in the order given: children go first. What is there stays as it
   * is, but that its growing sets (see {@link growingSets}) gain the new members, its latest ones
   * (see {@link latestSets}), too, its later fields (see {@link laterFields}) become the new ones, and
   * an event whose category is unknown gets the new one: what `merged` (merged.ts) makes of both.
   * Nothing of other writers at that moment is lost.
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

/** The sets of a stored document that a second `put` of the same hash adds to, by itype. */
export const growingSets: { readonly [itype: string]: readonly string[] } = {
  event: ["_ben_ref", "_mal_ref"],
  raw: ["_sources", "_ref", "filters"],
  session: ["_ref"],
};

/**
 * The sets of a stored document in which a second `put` of the same hash replaces the members of the
 * same `_hash`, by itype. The {@link LATEST} that were put last stay: without a bound the report of a
 * common rank would gather all events of that rank.
 */
export const latestSets: { readonly [itype: string]: readonly string[] } = {
  report: ["evidence"],
};

/** Members of a latest set: more than are likely to be put before who asked has read his own. */
export const LATEST = 32;

/** The fields of a stored document that a second `put` of the same hash sets, if it has them. */
export const laterFields: { readonly [itype: string]: readonly string[] } = {
  raw: ["_valid"],
  session: ["start_time", "end_time", "duration"],
};
