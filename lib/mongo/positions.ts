import type { Collection, Document } from "mongodb";
import type { FaultyPosition, Position, Positions } from "../lake/positions.ts";
import { readPosition } from "../lake/read_position.ts";
import { fromBson } from "./bson.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { withStoreErrors } from "./store_errors.ts";

/** The positions in growing files, in a collection named after that of the instances. */
export class MongoPositions implements Positions {
  readonly #documents: Collection<Document>;

  constructor(mongo: Mongo, { db, coll }: CollectionName) {
    this.#documents = collectionOf(mongo, { db, coll: `${coll}.positions` });
  }

  list(source: string): Promise<(Position | FaultyPosition)[]> {
    const isDamaged = { $expr: { $ne: [{ $type: "$source" }, "string"] } };
    return withStoreErrors(() =>
      this.#documents.find({ $or: [{ source }, isDamaged] }, { projection: { _id: 0 }, raw: true })
        .map((bytes) => readPosition(fromBson(bytes))).toArray()
    );
  }

  async save(position: Position): Promise<void> {
    await withStoreErrors(() =>
      this.#documents.replaceOne({ id: position.id }, position, { upsert: true })
    );
  }

  async remove(id: string): Promise<void> {
    await withStoreErrors(() => this.#documents.deleteOne({ id }));
  }
}
