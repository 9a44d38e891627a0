import type { Collection, Db, Document } from "mongodb";
import { ensureLakeIndices } from "../../lib/mongo/indices.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

/** A lake, and its entries and database, which tests fill as the existing system does, or damage. */
export type OpenLake = {
  readonly lake: MongoLake;
  readonly entries: Collection<Document>;
  readonly db: Db;
};

/** Registers a test on a lake of its own, if a MongoDB server is named. */
export function testLake(name: string, body: (opened: OpenLake) => Promise<void>): void {
  const url = mongoUrl();
  if (url === undefined) return;
  Deno.test(`MongoLake ${name}`, async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "file_entries" };
    await ensureLakeIndices(mongo, collection);
    const lake = new MongoLake(mongo, collection);
    try {
      await body({ lake, entries: collectionOf(mongo, collection), db: mongo.client.db(db) });
    } finally {
      await lake.close();
      await close();
    }
  });
}
