import type { ClientSession, Collection, Document } from "mongodb";
import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { checkedFields, upsertWrites } from "./upsert.ts";
import { fromBson, toBson } from "./bson.ts";
import { collectionOf, fromDriver, type Mongo, onServer, type Place } from "./open.ts";
import { putMany } from "./put_many.ts";
import { inTransaction } from "./transaction.ts";

/** Instances up to which one command that upserts each is the fastest way to put them. */
const few = 20;

/** Hashes that one query asks for: a command holds at most 16 MiB. */
const hashesAtOnce = 50_000;

/**
 * A collection of instances as the existing system keeps it: each a document, with an `_id` of
 * MongoDB's own beside the instance's fields. Make its indices first: see indices.ts.
 */
export class MongoInstances implements InstanceStore {
  readonly #mongo: Mongo;
  readonly #place: Place;
  readonly #documents: Collection<Document>;
  /** Of the transaction that all of this store's work belongs to. */
  #session: ClientSession | undefined;
  /** What the session does: one thing after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(mongo: Mongo, place: Place) {
    this.#mongo = mongo;
    this.#place = place;
    this.#documents = collectionOf(mongo, place);
  }

  /**
   * Throws {@link Rejected}, DOCUMENT_TOO_LARGE, if one would be over 16 MiB, and stores none.
   *
   * No transaction: one whose client dies or loses the connection keeps its documents from everybody
   * for a minute. Content addresses make a broken-off put harmless.
   */
  async put(instances: readonly Instance[]): Promise<void> {
    if (instances.length === 0) return;
    if (instances.length > few && this.#session === undefined) {
      return await onServer(() => putMany(this.#documents, instances));
    }
    const writes = instances.flatMap(upsertWrites);
    await this.#run((options) => this.#documents.bulkWrite(writes, options));
  }

  async get(hashes: readonly Hash[]): Promise<Instance[]> {
    const found = [];
    for (const some of portions(hashes)) found.push(...await this.#find({ _hash: { $in: some } }));
    return found;
  }

  parents(hash: Hash): Promise<Instance[]> {
    return this.#find({ _cref: hash });
  }

  referrers(hash: Hash): Promise<Instance[]> {
    return this.#find({ _ref: hash });
  }

  async replace(hash: Hash, instance: Instance): Promise<void> {
    const document = toBson(checkedFields(instance));
    const absent = new RangeError(`Cannot replace ${hash}: it is not there`);
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

  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T> {
    return this.#atomically(work);
  }

  #atomically<T>(work: (store: MongoInstances) => Promise<T>): Promise<T> {
    if (this.#session !== undefined || !this.#mongo.replicated) return work(this);
    return onServer(() =>
      inTransaction(this.#mongo.client, (session) => {
        const store = new MongoInstances(this.#mongo, this.#place);
        store.#session = session;
        return work(store);
      })
    );
  }

  async *all(): AsyncIterable<Instance> {
    try {
      yield* this.#documents.find({}, this.#reading()).map(toInstance);
    } catch (error) {
      throw fromDriver(error);
    }
  }

  async *raws(subType: string, after: Hash = ""): AsyncIterable<Raw> {
    const filter = { itype: "raw", sub_type: subType, _hash: { $gt: after } };
    try {
      const found = this.#documents.find(filter, this.#reading()).sort({ _hash: 1 });
      for await (const bytes of found) yield toInstance(bytes) as Raw;
    } catch (error) {
      throw fromDriver(error);
    }
  }

  async missing(hashes: readonly Hash[]): Promise<Hash[]> {
    const absent = new Set(hashes);
    const projection = { _id: 0, _hash: 1 };
    for (const some of portions(hashes)) {
      const found = await this.#run((options) =>
        this.#documents.find({ _hash: { $in: some } }, { ...options, projection }).toArray()
      );
      for (const { _hash } of found) absent.delete(_hash);
    }
    return [...absent];
  }

  async count(): Promise<Record<string, number>> {
    const groups = await this.#run((options) =>
      this.#documents.aggregate([{ $group: { _id: "$itype", n: { $sum: 1 } } }], options).toArray()
    );
    return Object.fromEntries(groups.map(({ _id, n }) => [_id, n]));
  }

  /** Instances that match, each once: a database of the existing system may hold one twice. */
  async #find(filter: Document): Promise<Instance[]> {
    const found = await this.#run(() =>
      this.#documents.find(filter, this.#reading()).map(toInstance).toArray()
    );
    return [...new Map(found.map((instance) => [instance._hash, instance])).values()];
  }

  #reading() {
    return { ...this.#options(), raw: true, projection: { _id: 0 } };
  }

  #options(): { session?: ClientSession } {
    return this.#session === undefined ? {} : { session: this.#session };
  }

  /** In a transaction the driver's errors stay as they are, for it to see what was a conflict. */
  #run<T>(work: (options: { session?: ClientSession }) => Promise<T>): Promise<T> {
    if (this.#session === undefined) return onServer(() => work({}));
    const mine = this.#turn.then(() => work(this.#options()));
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

function* portions(hashes: readonly Hash[]): Iterable<Hash[]> {
  const distinct = [...new Set(hashes)];
  for (let i = 0; i < distinct.length; i += hashesAtOnce) {
    yield distinct.slice(i, i + hashesAtOnce);
  }
}

function toInstance(bytes: Document): Instance {
  return fromBson(bytes) as unknown as Instance;
}
