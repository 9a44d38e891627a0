import type { Collection, Document } from "mongodb";
import type { EventFilter, Graph, HolderFilter, Verdict } from "../graph/graph.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { fromBson } from "./bson.ts";
import { eventsChosenBy } from "./event_filter.ts";
import { MongoInstances } from "./instances.ts";
import { collectionOf, type Mongo, onServer, type Place } from "./open.ts";

/**
 * A collection of instances as reports look at it. Counts and the order of pages come from the index
 * `cybexp_holders`; documents are read only if they are asked for.
 *
 * A collection of the existing system may hold an event twice. It is given once, but counts twice,
 * and takes two places in the order: to tell that apart would double the time of a count.
 */
export class MongoGraph implements Graph {
  readonly #documents: Collection<Document>;
  readonly #instances: MongoInstances;

  constructor(mongo: Mongo, place: Place) {
    this.#documents = collectionOf(mongo, place);
    this.#instances = new MongoInstances(mongo, place);
  }

  countHolders(held: HolderFilter, filter: EventFilter): Promise<number> {
    return onServer(() => this.#documents.countDocuments(holding(held, filter)));
  }

  async holders(
    held: HolderFilter,
    filter: EventFilter,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]> {
    const { limit } = page;
    const events = new Map<Hash, Event>();
    for (let { skip } = page; events.size < limit; skip += limit) {
      const found = await this.#find(holding(held, filter), { skip, limit });
      for (const event of found) if (events.size < limit) events.set(event._hash, event);
      if (found.length < limit) break;
    }
    return [...events.values()];
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const found = await this.#find({ _hash: { $in: hashes }, ...eventsChosenBy(filter) });
    return [...new Map(found.map((event) => [event._hash, event])).values()];
  }

  visible(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]> {
    return this.#hashes({ _hash: { $in: hashes }, itype: "event", orgid: { $in: orgids } });
  }

  sessionsOf(events: readonly Hash[]): Promise<Hash[]> {
    return this.#hashes({ _ref: { $in: events }, itype: "session" });
  }

  get(hashes: readonly Hash[]): Promise<Instance[]> {
    return this.#instances.get(hashes);
  }

  /** Events that match, in the order of pages if a page is asked for. */
  #find(filter: Document, page?: { skip: number; limit: number }): Promise<Event[]> {
    const options = { raw: true, projection: { _id: 0 } };
    return onServer(() =>
      this.#documents.find(filter, page ? { ...options, ...page, sort: NEWEST_FIRST } : options)
        .map((bytes) => fromBson(bytes) as unknown as Event).toArray()
    );
  }

  async #hashes(filter: Document): Promise<Hash[]> {
    const projection = { _id: 0, _hash: 1 };
    const found = await onServer(() => this.#documents.find(filter, { projection }).toArray());
    return [...new Set(found.map(({ _hash }) => _hash as Hash))];
  }
}

const NEWEST_FIRST = { timestamp: -1, _hash: 1 } as const;

function holding({ hash, context }: HolderFilter, filter: EventFilter): Document {
  return { _ref: hash, ...eventsChosenBy(filter), ...CONTEXTS[context](hash) };
}

const CONTEXTS: { readonly [context in Verdict]: (hash: Hash) => Document } = {
  all: () => ({}),
  benign: (hash) => ({ _ben_ref: hash }),
  malicious: (hash) => ({ _mal_ref: hash }),
  unknown: (hash) => ({ _ben_ref: { $ne: hash }, _mal_ref: { $ne: hash } }),
};
