import type { Collection, Document } from "mongodb";
import type { FaultyPosition, Position, Positions } from "../lake/positions.ts";
import { readPosition } from "../lake/read_position.ts";
import { fromBson } from "./bson.ts";
import { boundedDocument } from "./expressions.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { withStoreErrors } from "./store_errors.ts";

/** Fields of a position: all that is read of a document which is larger than any sound one. */
const FIELDS = "id source typetag fingerprint file offset end timestamp since".split(" ");

/** Fields and members of lists beyond which a field is not read: a sound one is a scalar. */
const MAX_INNER_FIELDS = 100;

/** The positions in growing files, in a collection named after that of the instances. */
export class MongoPositions implements Positions {
  readonly #documents: Collection<Document>;

  constructor(mongo: Mongo, { db, coll }: CollectionName) {
    this.#documents = collectionOf(mongo, { db, coll: `${coll}.positions` });
  }

  list(source: string): Promise<(Position | FaultyPosition)[]> {
    const isDamaged = { $expr: { $ne: [{ $type: "$source" }, "string"] } };
    const stages = [
      { $match: { $or: [{ source }, isDamaged] } },
      { $project: { _id: 0 } },
      boundedDocument(FIELDS),
    ];
    return withStoreErrors(() =>
      this.#documents.aggregate(stages, { raw: true })
        .map((bytes) => readPosition(fromBson(bytes, MAX_INNER_FIELDS)))
        .toArray()
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
