import type { Collection, Document } from "mongodb";
import { chunks } from "../chunks.ts";
import type { EdgeFollower, EdgeSource, FollowOptions } from "../graph/edge_follower.ts";
import { type EdgeEvent, type Edges, type InstanceName, MAX_NAMED_BYTES } from "../graph/edges.ts";
import type { Hash } from "../tahoe/instance.ts";
import { type Fields, isScalar } from "../tahoe/value.ts";
import { fromBson } from "./bson.ts";
import { checkedHash, toEdgeEvent } from "./edge_event.ts";
import { MongoEdgeFollower } from "./edge_follower.ts";
import { toMongoFilter } from "./event_filter.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { toStoreError, withStoreErrors } from "./store_errors.ts";

/** Hashes in one query, and documents in one batch of its answer. */
const BATCH_SIZE = 1000;

/** A collection of instances for ThreatRank: reads only the fields that ThreatRank needs. */
export class MongoEdges implements Edges, EdgeSource {
  readonly #mongo: Mongo;
  readonly #documents: Collection<Document>;

  constructor(mongo: Mongo, name: CollectionName) {
    this.#mongo = mongo;
    this.#documents = collectionOf(mongo, name);
  }

  async event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const [event] = await this.#find({ _hash: hash, ...visibleTo(orgids) }, EVENT);
    return event && toEdgeEvent(event);
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    for await (const chunk of chunks(attributes, BATCH_SIZE)) {
      for await (const hashes of this.#findHolders(chunk, orgids)) {
        // The index alone gives the hashes. Most of the documents are known: earlier attributes
        // had the same holders.
        const unknown = hashes.filter((hash) => !known.has(hash));
        if (unknown.length === 0) continue;
        const events = await this.#find({ _hash: { $in: unknown }, ...visibleTo(orgids) }, EVENT);
        yield events.map(toEdgeEvent);
      }
    }
  }

  async objectsAmong(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    const found: Hash[] = [];
    for await (const chunk of chunks(hashes, BATCH_SIZE)) {
      const objects = await this.#find({ _hash: { $in: chunk }, itype: "object" }, HASH);
      for (const { _hash } of objects) found.push(_hash);
    }
    return found;
  }

  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    return withStoreErrors(async () => {
      const found = this.#documents.find({ _hash: { $in: hashes } }, {
        raw: true,
        projection: NAME,
      });
      const instances = await found.map((bytes) => fromBson(bytes)).toArray();
      return new Map(instances.map((fields) => [String(fields["_hash"]), toInstanceName(fields)]));
    });
  }

  get reportsChanges(): boolean {
    return this.#mongo.replicated;
  }

  follow({ changes, numberOf }: FollowOptions): EdgeFollower {
    return new MongoEdgeFollower(this.#mongo, this.#documents, {
      numberOf,
      changes: changes && this.reportsChanges,
    });
  }

  estimateSize(): Promise<number> {
    return withStoreErrors(() => this.#documents.estimatedDocumentCount());
  }

  /** Hashes of the visible events that hold any of the attributes, in batches. */
  async *#findHolders(
    attributes: readonly Hash[],
    orgids: readonly string[],
  ): AsyncIterable<readonly Hash[]> {
    const cursor = this.#documents.find(
      { _ref: { $in: attributes }, ...visibleTo(orgids) },
      { projection: HASH, batchSize: BATCH_SIZE },
    );
    try {
      while (await cursor.hasNext()) {
        yield cursor.readBufferedDocuments().map(({ _hash }) => checkedHash(_hash));
      }
    } catch (error) {
      throw toStoreError(error);
    } finally {
      await cursor.close();
    }
  }

  #find(filter: Document, projection: Document): Promise<Document[]> {
    const options = { projection, batchSize: BATCH_SIZE };
    return withStoreErrors(() => this.#documents.find(filter, options).toArray());
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
          { $lte: [{ $bsonSize: "$$ROOT" }, MAX_NAMED_BYTES] },
        ],
      },
      "$data",
      "$$REMOVE",
    ],
  },
};

function toInstanceName({ sub_type, itype, data }: Fields): InstanceName {
  const label = `${sub_type}=${itype}`;
  return { label, ...(isScalar(data) && { data }) };
}

function visibleTo(orgids: readonly string[]): Document {
  return toMongoFilter({ orgids, start: -Infinity, end: Infinity, category: "all" });
}
