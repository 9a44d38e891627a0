import type { Collection, Document } from "mongodb";
import { type EdgeEvent, type Edges, type InstanceName, MAX_NAMED } from "../graph/edges.ts";
import { chunks } from "../chunks.ts";
import type { Hash } from "../tahoe/instance.ts";
import { type Fields, isScalar } from "../tahoe/value.ts";
import { fromBson } from "./bson.ts";
import { eventsChosenBy } from "./event_filter.ts";
import { collectionOf, fromDriver, type Mongo, onServer, type Place } from "./open.ts";

/** Hashes that one query asks for. */
const HASHES_AT_ONCE = 1000;

/** A collection of instances as ThreatRank walks it; of the documents only what it needs is read. */
export class MongoEdges implements Edges {
  readonly #documents: Collection<Document>;

  constructor(mongo: Mongo, place: Place) {
    this.#documents = collectionOf(mongo, place);
  }

  async event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const [event] = await this.#find({ _hash: hash, ...seenBy(orgids) }, EVENT);
    return event && toEdgeEvent(event);
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    for await (const some of chunks(attributes, HASHES_AT_ONCE)) {
      for await (const hashes of this.#holders(some, orgids)) {
        // The index alone says who holds them; most documents were read before, for others.
        const unknown = hashes.filter((hash) => !known.has(hash));
        if (unknown.length === 0) continue;
        const events = await this.#find({ _hash: { $in: unknown }, ...seenBy(orgids) }, EVENT);
        yield events.map(toEdgeEvent);
      }
    }
  }

  async objects(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    const found: Hash[] = [];
    for await (const some of chunks(hashes, HASHES_AT_ONCE)) {
      const objects = await this.#find({ _hash: { $in: some }, itype: "object" }, HASH);
      for (const { _hash } of objects) found.push(_hash);
    }
    return found;
  }

  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    return onServer(async () => {
      const found = this.#documents.find({ _hash: { $in: hashes } }, {
        raw: true,
        projection: NAME,
      });
      const named = await found.map((bytes) => fromBson(bytes)).toArray();
      return new Map(named.map((fields) => [String(fields["_hash"]), nameOf(fields)]));
    });
  }

  async *#holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
  ): AsyncIterable<readonly Hash[]> {
    const cursor = this.#documents.find(
      { _ref: { $in: attributes }, ...seenBy(orgids) },
      { projection: HASH, batchSize: HASHES_AT_ONCE },
    );
    try {
      while (await cursor.hasNext()) {
        yield cursor.readBufferedDocuments().map(({ _hash }) => _hash);
      }
    } catch (error) {
      throw fromDriver(error);
    } finally {
      await cursor.close();
    }
  }

  #find(filter: Document, projection: Document): Promise<Document[]> {
    const options = { projection, batchSize: HASHES_AT_ONCE };
    return onServer(() => this.#documents.find(filter, options).toArray());
  }
}

const HASH = { _id: 0, _hash: 1 };
const EVENT = { ...HASH, _ref: 1, timestamp: 1, category: 1 };

const NAME = {
  ...HASH,
  sub_type: 1,
  itype: 1,
  data: {
    $cond: [
      {
        $and: [
          { $eq: ["$itype", "attribute"] },
          { $lte: [{ $bsonSize: "$$ROOT" }, MAX_NAMED] },
        ],
      },
      "$data",
      "$$REMOVE",
    ],
  },
};

function nameOf({ sub_type, itype, data }: Fields): InstanceName {
  const label = `${sub_type}=${itype}`;
  return isScalar(data) ? { label, data } : { label };
}

function seenBy(orgids: readonly string[]): Document {
  return eventsChosenBy({ orgids, start: -Infinity, end: Infinity, category: "all" });
}

function toEdgeEvent({ _hash, timestamp, category, _ref }: Document): EdgeEvent {
  return { hash: _hash, timestamp, category, references: _ref };
}
