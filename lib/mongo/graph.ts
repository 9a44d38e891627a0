import { type Collection, type Document, type FindOptions, ObjectId } from "mongodb";
import type {
  AddedTime,
  EventFilter,
  Graph,
  HolderFilter,
  LatestEvents,
  LatestRange,
  Serial,
  StoredEvent,
  StoredRange,
  TimeSpan,
  Verdict,
} from "../graph/graph.ts";
import { Histogram } from "../graph/histogram.ts";
import type { Sightings } from "../graph/sightings.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { checkedInstance, instanceFault } from "../tahoe/instance_fault.ts";
import { Damaged } from "../tahoe/instances.ts";
import { fromBson } from "./bson.ts";
import { toMongoFilter } from "./event_filter.ts";
import { MongoInstances } from "./instances.ts";
import { readLatestEvents } from "./latest_events.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { readSightings } from "./sightings.ts";
import { isDocumentError, withStoreErrors } from "./store_errors.ts";

/**
 * Seconds after which no document comes any more with an `_id` of a moment: clients and servers make
 * these, by their own clocks, before a write is done.
 */
const SETTLED_SECONDS = 10;

/**
 * A collection of instances for count and related. Counts and the order of pages come from the
 * index `cybexp_events`; documents are read only if they are asked for.
 *
 * A collection of the existing system may contain an event twice. It is returned once, but counts
 * twice and takes two places in the order: to exclude that would double the time of a count.
 */
export class MongoGraph implements Graph {
  readonly #documents: Collection<Document>;
  readonly #instances: MongoInstances;

  constructor(mongo: Mongo, name: CollectionName) {
    this.#documents = collectionOf(mongo, name);
    this.#instances = new MongoInstances(mongo, name);
  }

  countHolders(held: HolderFilter, filter: EventFilter): Promise<number> {
    return withStoreErrors(() => this.#documents.countDocuments(toHolderFilter(held, filter)));
  }

  async timeSpan(held: HolderFilter, filter: EventFilter): Promise<TimeSpan | undefined> {
    const span = { _id: null, first: { $min: "$timestamp" }, last: { $max: "$timestamp" } };
    const [found] = await withStoreErrors(() =>
      this.#documents.aggregate([
        { $match: toHolderFilter(held, filter) },
        { $group: span },
      ]).toArray()
    );
    return found && { first: Number(found["first"]), last: Number(found["last"]) };
  }

  countByTime(
    held: HolderFilter,
    filter: EventFilter,
    bounds: readonly number[],
  ): Promise<number[]> {
    return withStoreErrors(async () => {
      const histogram = new Histogram(bounds);
      const options = { projection: { _id: 0, timestamp: 1 }, batchSize: 10_000 };
      const times = this.#documents.find(toHolderFilter(held, filter), options);
      for await (const { timestamp } of times) histogram.add(Number(timestamp));
      return histogram.counts;
    });
  }

  async holders(
    held: HolderFilter,
    filter: EventFilter,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]> {
    const { limit } = page;
    const events = new Map<Hash, Event>();
    for (let { skip } = page; events.size < limit; skip += limit) {
      const found = await this.#findPage(toHolderFilter(held, filter), { skip, limit });
      for (const event of found) if (events.size < limit) events.set(event._hash, event);
      if (found.length < limit) break;
    }
    return [...events.values()];
  }

  sightings(groups: readonly (readonly Hash[])[], filter: EventFilter): Promise<Sightings[]> {
    return withStoreErrors(() => readSightings(this.#documents, groups, filter));
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const selected = { _hash: { $in: hashes }, ...toMongoFilter(filter) };
    const found = await withStoreErrors(() => this.#find(selected));
    return [...new Map(found.map((event) => [event._hash, event])).values()];
  }

  visibleEvents(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]> {
    return this.#findHashes({ _hash: { $in: hashes }, itype: "event", orgid: { $in: orgids } });
  }

  sessionsOf(events: readonly Hash[]): Promise<Hash[]> {
    return this.#findHashes({ _ref: { $in: events }, itype: "session" });
  }

  eventsBetween(
    orgids: readonly string[],
    { after, until, limit }: StoredRange,
  ): Promise<StoredEvent[]> {
    const _id = { $gt: toId(after), ...(until !== undefined && { $lte: toId(until) }) };
    const filter = { itype: "event", orgid: { $in: orgids }, _id };
    // By the index of _id, whatever others there are: it has the order.
    const options = { raw: true, sort: { _id: 1 }, hint: { _id: 1 }, limit } as const;
    return withStoreErrors(() =>
      this.#documents.find(filter, options).map((bytes) => {
        // The range has ObjectIds only.
        const { _id, ...event } = fromBson(bytes) as unknown as Event & {
          readonly _id: ExtendedId;
        };
        const fault = instanceFault(event);
        return {
          event: fault === undefined ? event as Event : new Damaged(event._hash, fault.reason),
          serial: _id.$oid,
          added: addedTime(_id.$oid),
        };
      }).toArray()
    );
  }

  isHeldBetween(
    held: HolderFilter,
    filter: EventFilter,
    { after, until }: { readonly after: Serial; readonly until: Serial },
  ): Promise<boolean> {
    const selected = {
      ...toHolderFilter(held, filter),
      _id: { $gt: toId(after), $lte: toId(until) },
    };
    const options = { projection: { _id: 1 } } as const;
    return withStoreErrors(async () => await this.#documents.findOne(selected, options) !== null);
  }

  latestEvents(filter: EventFilter, range: LatestRange): Promise<LatestEvents> {
    return withStoreErrors(() => readLatestEvents(this.#documents, filter, range));
  }

  /** Nothing needs to be noted: an `_id` says when it was made, to the second. */
  noteAdded(now: AddedTime): Promise<Serial> {
    const seconds = Math.floor(now / MICROSECONDS) - SETTLED_SECONDS;
    return Promise.resolve(ObjectId.createFromTime(Math.max(0, seconds)).toHexString());
  }

  serialAt(time: AddedTime): Promise<Serial> {
    const seconds = Math.floor(time / MICROSECONDS);
    if (seconds < 0) return Promise.resolve("");
    return Promise.resolve(lastIdOf(Math.min(seconds, MAX_SECONDS)));
  }

  firstAdded(): Promise<AddedTime | undefined> {
    return withStoreErrors(async () => {
      const filter = { _id: { $gt: toId("") } };
      const options = { projection: { _id: 1 }, sort: { _id: 1 } } as const;
      const first = await this.#documents.findOne(filter, options);
      return first === null ? undefined : addedTime(first._id.toHexString());
    });
  }

  isEmpty(): Promise<boolean> {
    return withStoreErrors(async () =>
      await this.#documents.findOne({}, { projection: { _id: 1 } }) === null
    );
  }

  async get(hashes: readonly Hash[]): Promise<Instance[]> {
    return (await this.#instances.get(hashes)).map(checkedInstance);
  }

  /** A page of the events that match, newest first. */
  #findPage(filter: Document, page: { skip: number; limit: number }): Promise<Event[]> {
    return withStoreErrors(async () => {
      try {
        return await this.#find(filter, { ...page, sort: NEWEST_FIRST });
      } catch (error) {
        if (!isDocumentError(error)) throw error;
        // The reading of a document by which the server cannot sort says what is wrong with it.
        await this.#find({ $and: [filter, UNSORTABLE] }, { limit: 1 });
        throw error;
      }
    });
  }

  /** Events that match. Errors are the driver's own. */
  #find(filter: Document, options: FindOptions = {}): Promise<Event[]> {
    return this.#documents.find(filter, { ...options, raw: true, projection: { _id: 0 } })
      .map((bytes) => checkedInstance(fromBson(bytes) as unknown as Event)).toArray();
  }

  async #findHashes(filter: Document): Promise<Hash[]> {
    const options = { projection: { _id: 0, _hash: 1 } };
    const found = await withStoreErrors(() => this.#documents.find(filter, options).toArray());
    const hashes: unknown[] = found.map(({ _hash }) => _hash);
    return [...new Set(hashes.filter((hash) => typeof hash === "string"))];
  }
}

/** An ObjectId as {@link fromBson} reads it. */
type ExtendedId = { readonly $oid: string };

const MICROSECONDS = 1_000_000;

/** The last second that an ObjectId can name. */
const MAX_SECONDS = 0xffffffff;

/** When an ObjectId was made: its first four bytes are seconds. */
function addedTime(serial: Serial): AddedTime {
  return parseInt(serial.slice(0, 8), 16) * MICROSECONDS;
}

/** The last serial of a second. */
function lastIdOf(seconds: number): Serial {
  return seconds.toString(16).padStart(8, "0") + "f".repeat(16);
}

/** The id of a serial; of what is none here, such as SQLite's that a client kept, the one before all. */
function toId(serial: Serial): ObjectId {
  return new ObjectId(/^[0-9a-f]{24}$/.test(serial) ? serial : "0".repeat(24));
}

const NEWEST_FIRST = { timestamp: -1, _hash: 1 } as const;

/** Matches documents by which the server can sort only with an index, which cannot hold them. */
const UNSORTABLE = { timestamp: { $type: "array" }, _hash: { $type: "array" } };

function toHolderFilter({ hashes, context }: HolderFilter, filter: EventFilter): Document {
  const [hash] = hashes;
  if (hash !== undefined && hashes.length === 1) {
    return { _ref: hash, ...toMongoFilter(filter), ...CONTEXTS[context](hash) };
  }
  const holders = { _ref: { $in: hashes }, ...toMongoFilter(filter) };
  if (context === "all" || hashes.length === 0) return holders;
  // One and the same of them must be held, and be seen so.
  return { ...holders, $or: hashes.map((each) => ({ _ref: each, ...CONTEXTS[context](each) })) };
}

const CONTEXTS: { readonly [context in Verdict]: (hash: Hash) => Document } = {
  all: () => ({}),
  benign: (hash) => ({ _ben_ref: hash }),
  malicious: (hash) => ({ _mal_ref: hash }),
  unknown: (hash) => ({ _ben_ref: { $ne: hash }, _mal_ref: { $ne: hash } }),
};
