import type { Collection, Db, Document } from "mongodb";
import { toBson } from "../../lib/mongo/bson.ts";
import { MongoInbox } from "../../lib/mongo/inbox.ts";
import { ensureQueryIndices } from "../../lib/mongo/indices.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { question } from "../suites/inbox/fixtures.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

/** An inbox, and its documents and database, which tests fill as the existing system does, or damage. */
export type OpenInbox = {
  readonly inbox: MongoInbox;
  readonly documents: Collection<Document>;
  readonly db: Db;
};

/** Registers a test on an inbox of its own, if a MongoDB server is named. */
export function testInbox(name: string, body: (opened: OpenInbox) => Promise<void>): void {
  const url = mongoUrl();
  if (url === undefined) return;
  Deno.test(`MongoInbox ${name}`, async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "instance" };
    await ensureQueryIndices(mongo, collection);
    const inbox = new MongoInbox(mongo, collection);
    try {
      await body({ inbox, documents: collectionOf(mongo, collection), db: mongo.client.db(db) });
    } finally {
      await inbox.close();
      await close();
    }
  });
}

/** The query of a number as the API stores it, with some fields changed. */
export function document(number: number, fields: Document = {}): Document {
  const stored = toBson(question(number).query as unknown as Fields);
  return { ...Object.fromEntries(stored as unknown as Map<string, unknown>), ...fields };
}
