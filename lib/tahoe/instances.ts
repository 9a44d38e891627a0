import type { Hash, Instance, Raw, Source } from "./instance.ts";

/**
 * A collection of instances, each stored once under its hash. Documents keep every field they came
 * with; `_hash` is trusted, not computed again.
 */
export interface InstanceStore {
  /**
   * Stores the instances that are missing, in the order given: children come first. An instance that
   * is already stored stays, merged with the new one as `mergeInstance` (merge.ts) says. Changes that
   * other writers make at the same time are not lost.
   *
   * Returns once everything is durable. Thousands of instances are stored in chunks: other readers
   * may see the first chunks only; so may they after an error, until the next attempt completes it.
   */
  put(instances: readonly Instance[]): Promise<void>;

  /** Does with packed instances what {@link put} does. */
  putPacked(packed: PackedInstances): Promise<void>;

  /**
   * The instances stored under these hashes, each once, in no particular order. Documents that cannot
   * be read are left out if there is an `onDamaged`, which gets them. Otherwise they are returned as
   * they are, as far as that is possible.
   *
   * @throws {DamagedInstance} INSTANCE_DAMAGED when it is not possible.
   */
  get(hashes: readonly Hash[], onDamaged?: OnDamaged): Promise<Instance[]>;

  /**
   * Instances whose `_cref` contains the hash: they have it as a child. What cannot be read is treated
   * as by {@link get}.
   */
  parents(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]>;

  /** Instances whose `_ref` contains the hash. What cannot be read is treated as by {@link get}. */
  referrers(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]>;

  /**
   * Replaces the instance stored under `hash` with `instance` (the hashes may be equal). If another
   * document already has the new hash, it is overwritten, and the old document is removed.
   *
   * @throws {RangeError} when nothing is stored under `hash`.
   */
  replace(hash: Hash, instance: Instance): Promise<void>;

  /** Removes the instance stored under the hash, if there is one. */
  remove(hash: Hash): Promise<void>;

  /** Takes out what is there under the hashes, as {@link remove} does. */
  removeAll(hashes: readonly Hash[]): Promise<void>;

  /**
   * Hashes of the Raws or sessions whose `_ref` holds a hash, for each of the hashes that is held by
   * any.
   */
  holders(
    hashes: readonly Hash[],
    itype: "raw" | "session",
  ): Promise<ReadonlyMap<Hash, readonly Hash[]>>;

  /** Those of the hashes that more instances refer to, by `_ref` or `_cref`, than is given for each. */
  referredBeyond(counts: ReadonlyMap<Hash, number>): Promise<ReadonlySet<Hash>>;

  /**
   * Runs `work` as one transaction: everything it does through the store it receives happens
   * together, or, if it throws, not at all. Calling `atomically` on that store joins the
   * transaction. `work` may run again after a conflict with another writer. (A MongoDB server
   * outside a replica set has no transactions: there the steps run one after another.)
   */
  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T>;

  /**
   * Every instance, in no particular order; instances written meanwhile may be missing. Documents
   * that cannot be read are left out; `onDamaged` gets them.
   */
  all(onDamaged?: OnDamaged): AsyncIterable<Instance>;

  /**
   * The Raws of a sub-type, or all of them, ordered by hash, starting after the hash `after`; without
   * those that cannot be read.
   */
  raws(subType: string | undefined, after?: Hash): AsyncIterable<Raw>;

  /** Raws with a source that names a `file`, by hash, without their data and references. */
  importedWithoutEvents(): AsyncIterable<ImportedRaw>;

  /** The hashes under which nothing is stored. */
  missing(hashes: readonly Hash[]): Promise<Hash[]>;

  /** Number of instances, by itype. */
  count(): Promise<Record<string, number>>;
}

/**
 * Instances in a form that passes from thread to thread at little cost. lib/packed writes and reads
 * it.
 */
export type PackedInstances = {
  /** Every hash, once. */
  readonly hashes: readonly Hash[];
  /** Every skeleton, itype, orgid and category, once. */
  readonly texts: readonly string[];
  /** The documents, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** A stored document that cannot be read as an instance, and why. */
export class Damaged {
  readonly hash: string;
  readonly reason: string;

  constructor(hash: string, reason: string) {
    this.hash = hash;
    this.reason = reason;
  }
}

/** Gets documents that cannot be read, and are left out. */
export type OnDamaged = (damaged: Damaged) => void;

/** Leaves out documents that cannot be read, as if they were not there. */
export function leaveOut(_damaged: Damaged): void {}

/** What a Raw says besides its data. */
export type ImportedRaw = Pick<Raw, "_hash" | "sub_type" | "orgid"> & {
  readonly _sources: readonly Source[];
};

/**
 * How a second `put` of the same hash changes a field of the stored document, if the new document
 * has that field. `union`: the set gains the members that it lacks. `latest`: members with the same
 * `_hash` are replaced, and only the {@link LATEST_KEPT} members put last stay. `replace`: the field
 * gets the new value.
 */
export type MergeRule = "union" | "latest" | "replace";

/** The fields that a second `put` of the same hash changes, by itype. */
export const MERGED_FIELDS: {
  readonly [itype: string]: { readonly [field: string]: MergeRule };
} = {
  event: { _ben_ref: "union", _mal_ref: "union" },
  raw: { _sources: "union", _ref: "union", filters: "union", _valid: "replace" },
  // Without a limit, the report of a common rank would collect all events of that rank.
  report: { evidence: "latest", orgids: "replace" },
  session: { _ref: "union", start_time: "replace", end_time: "replace", duration: "replace" },
};

/**
 * Members that a `latest` set keeps: more than are likely to be put before askers have read their
 * own.
 */
export const LATEST_KEPT = 32;
