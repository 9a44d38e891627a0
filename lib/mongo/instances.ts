import type { ClientSession, Collection, Document } from "mongodb";
import { chunks } from "../chunks.ts";
import { unpackInstances } from "../packed/packed_reader.ts";
import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import {
  Damaged,
  type ImportedRaw,
  type InstanceStore,
  type OnDamaged,
  type PackedInstances,
} from "../tahoe/instances.ts";
import { entryId } from "./entry.ts";
import { fromBson, toBson } from "./bson.ts";
import { IMPORTED_WITHOUT_EVENTS } from "./indices.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { putMany } from "./put_many.ts";
import { findHolders, findReferredBeyond, parentsFilter, referrersFilter } from "./referrers.ts";
import { toStoreError, withStoreErrors } from "./store_errors.ts";
import { inTransaction } from "./transaction.ts";
import { removeUnreadableReport } from "./unreadable_reports.ts";
import { checkedFields, upsertWrites } from "./upsert.ts";

/** Instances up to which one command that upserts each of them is the fastest way to put them. */
const FEW = 20;

/** Hashes in one query: a command may have at most 16 MiB. */
const HASHES_AT_ONCE = 50_000;

const ITYPES: readonly Instance["itype"][] = [
  "attribute",
  "object",
  "event",
  "session",
  "raw",
  "report",
];

/** Counts documents by itype; one that is none of these may be of any type and size. */
const COUNT_BY_ITYPE: Document[] = [
  { $group: { _id: { $cond: [{ $in: ["$itype", ITYPES] }, "$itype", "other"] }, n: { $sum: 1 } } },
];

type SessionOptions = { session?: ClientSession };

/**
 * A collection of instances as the existing system keeps it: each document has MongoDB's `_id`
 * beside the instance's fields. Create the collection's indices first: see indices.ts.
 */
export class MongoInstances implements InstanceStore {
  readonly #mongo: Mongo;
  readonly #name: CollectionName;
  readonly #documents: Collection<Document>;
  /** Session of the transaction that everything this store does belongs to. */
  #session: ClientSession | undefined;
  /** Last operation in the session, which can do only one at a time. */
  #lastInSession: Promise<unknown> = Promise.resolve();

  constructor(mongo: Mongo, name: CollectionName) {
    this.#mongo = mongo;
    this.#name = name;
    this.#documents = collectionOf(mongo, name);
  }

  /**
   * Stores instances without a transaction: one whose client dies or loses the connection locks its
   * documents for a minute. Content addresses make an interrupted put harmless.
   *
   * @throws {Rejected} DOCUMENT_TOO_LARGE when an instance is over 16 MiB; none is stored then.
   */
  async put(instances: readonly Instance[]): Promise<void> {
    if (instances.length === 0) return;
    for (const { itype, _hash } of instances) {
      if (itype !== "report") continue;
      await this.#run((options) => removeUnreadableReport(this.#documents, _hash, options));
    }
    if (instances.length > FEW && this.#session === undefined) {
      return await withStoreErrors(() => putMany(this.#documents, instances));
    }
    const writes = instances.flatMap(upsertWrites);
    await this.#run((options) => this.#documents.bulkWrite(writes, options));
  }

  putPacked(packed: PackedInstances): Promise<void> {
    return this.put(unpackInstances(packed));
  }

  async get(hashes: readonly Hash[], onDamaged?: OnDamaged): Promise<Instance[]> {
    const found = [];
    for await (const chunk of chunks([...new Set(hashes)], HASHES_AT_ONCE)) {
      found.push(...await this.#find({ _hash: { $in: chunk } }, onDamaged));
    }
    return found;
  }

  parents(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#find(parentsFilter(hash), onDamaged);
  }

  referrers(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#find(referrersFilter(hash), onDamaged);
  }

  async replace(hash: Hash, instance: Instance): Promise<void> {
    const document = toBson(checkedFields(instance));
    const { db, coll } = this.#name;
    const absent = new RangeError(`Cannot replace instance ${hash}: it is not in ${db}.${coll}`);
    if (instance._hash === hash) {
      const { matchedCount } = await this.#run((options) =>
        this.#documents.replaceOne({ _hash: hash }, document, options)
      );
      if (matchedCount === 0) throw absent;
      return;
    }
    await this.#atomically(async (store) => {
      if ((await store.#find({ _hash: hash })).length === 0) throw absent;
      await store.#run((options) =>
        this.#documents.replaceOne({ _hash: instance._hash }, document, {
          ...options,
          upsert: true,
        })
      );
      await store.remove(hash);
    });
  }

  async remove(hash: Hash): Promise<void> {
    await this.#run((options) => this.#documents.deleteMany({ _hash: hash }, options));
  }

  async removeAll(hashes: readonly Hash[]): Promise<void> {
    for await (const _hash of chunks(hashes, HASHES_AT_ONCE)) {
      await this.#run((options) => this.#documents.deleteMany({ _hash: { $in: _hash } }, options));
    }
  }

  holders(
    hashes: readonly Hash[],
    itype: "raw" | "session",
  ): Promise<ReadonlyMap<Hash, readonly Hash[]>> {
    return this.#run((options) => findHolders(this.#documents, { hashes, itype, options }));
  }

  referredBeyond(counts: ReadonlyMap<Hash, number>): Promise<ReadonlySet<Hash>> {
    return findReferredBeyond(
      counts,
      (hash, limit) =>
        this.#run((options) =>
          this.#documents.countDocuments({ $or: [referrersFilter(hash), parentsFilter(hash)] }, {
            ...options,
            limit,
          })
        ),
    );
  }

  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T> {
    return this.#atomically(work);
  }

  #atomically<T>(work: (store: MongoInstances) => Promise<T>): Promise<T> {
    if (this.#session !== undefined || !this.#mongo.replicated) return work(this);
    return withStoreErrors(() =>
      inTransaction(this.#mongo.client, (session) => {
        const store = new MongoInstances(this.#mongo, this.#name);
        store.#session = session;
        return work(store);
      })
    );
  }

  async *all(onDamaged?: OnDamaged): AsyncIterable<Instance> {
    try {
      const found = this.#documents.find({}, { ...this.#sessionOptions(), raw: true });
      for await (const instance of found.map(readInstance)) {
        if (instance instanceof Damaged) onDamaged?.(instance);
        else yield instance;
      }
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async *raws(subType: string | undefined, after: Hash = ""): AsyncIterable<Raw> {
    const filter = {
      itype: "raw",
      ...(subType !== undefined && { sub_type: subType }),
      _hash: { $gt: after },
    };
    try {
      const found = this.#documents.find(filter, this.#readOptions()).sort({ _hash: 1 });
      for await (const bytes of found) {
        const raw = toInstance(bytes);
        if (instanceFault(raw) === undefined) yield raw as Raw;
      }
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async *importedWithoutEvents(): AsyncIterable<ImportedRaw> {
    const projection = { _id: 0, _hash: 1, sub_type: 1, orgid: 1, _sources: 1 };
    try {
      const found = this.#documents.find(IMPORTED_WITHOUT_EVENTS, {
        ...this.#readOptions(),
        projection,
      });
      const raws = await found.map((bytes) => toInstance(bytes) as ImportedRaw & Raw).toArray();
      const sound = raws.filter((raw) => instanceFault({ ...raw, itype: "raw" }) === undefined);
      yield* sound.toSorted((a, b) => (a._hash < b._hash ? -1 : 1));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async missing(hashes: readonly Hash[]): Promise<Hash[]> {
    const absent = new Set(hashes);
    const projection = { _id: 0, _hash: 1 };
    for await (const chunk of chunks([...absent], HASHES_AT_ONCE)) {
      const found = await this.#run((options) =>
        this.#documents.find({ _hash: { $in: chunk } }, { ...options, projection }).toArray()
      );
      for (const { _hash } of found) absent.delete(_hash);
    }
    return [...absent];
  }

  async count(): Promise<Record<string, number>> {
    const groups = await this.#run((options) =>
      this.#documents.aggregate(COUNT_BY_ITYPE, options).toArray()
    );
    return Object.fromEntries(groups.map(({ _id, n }) => [_id, n]));
  }

  /**
   * Instances that match, each once: a database of the existing system may hold one twice. Of two, one
   * that can be read is returned.
   */
  async #find(filter: Document, onDamaged?: OnDamaged): Promise<Instance[]> {
    const instances = await this.#run(() =>
      this.#documents.find(filter, this.#readOptions()).map(toInstance).toArray()
    );
    const found = new Map<Hash, Instance>();
    for (const instance of instances) {
      const isWorse = found.has(instance._hash) && instanceFault(instance) !== undefined;
      if (!isWorse) found.set(instance._hash, instance);
    }
    if (onDamaged === undefined) return [...found.values()];
    return [...found.values()].filter((instance) => {
      const fault = instanceFault(instance);
      if (fault !== undefined) onDamaged(new Damaged(String(instance._hash), fault.reason));
      return fault === undefined;
    });
  }

  #readOptions() {
    return { ...this.#sessionOptions(), raw: true, projection: { _id: 0 } };
  }

  #sessionOptions(): SessionOptions {
    return { ...(this.#session !== undefined && { session: this.#session }) };
  }

  /**
   * Runs one operation. Inside a transaction it throws the driver's own errors, by which
   * inTransaction recognises conflicts.
   */
  #run<T>(operation: (options: SessionOptions) => Promise<T>): Promise<T> {
    if (this.#session === undefined) return withStoreErrors(() => operation({}));
    const result = this.#lastInSession.then(() => operation(this.#sessionOptions()));
    this.#lastInSession = result.catch(() => {});
    return result;
  }
}

/** Reads an instance with its `_id`, by which one without a hash is named. */
function readInstance(bytes: Document): Instance | Damaged {
  const { _id, ...fields } = fromBson(bytes);
  const fault = instanceFault(fields);
  if (fault === undefined) return fields as unknown as Instance;
  const hash = fields["_hash"];
  return new Damaged(typeof hash === "string" ? hash : `_id ${entryId(_id)}`, fault.reason);
}

function toInstance(bytes: Document): Instance {
  return fromBson(bytes) as unknown as Instance;
}
