import { MongoInbox } from "../../lib/mongo/inbox.ts";
import { ensureQueryIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { testHostileReports } from "../suites/hostile_reports.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  Deno.test("MongoDB reads reports of any shape, and replaces what cannot be read", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const name = { db, coll: "instance" };
    await ensureQueryIndices(mongo, name);
    const inbox = new MongoInbox(mongo, name);
    const documents = collectionOf(mongo, name);
    try {
      const opened = { inbox, instances: new MongoInstances(mongo, name) };
      await testHostileReports(opened, async ({ _hash }, { _id, ...document }) => {
        await documents.replaceOne({ _hash }, document);
      });
    } finally {
      await inbox.close();
      await close();
    }
  });
}
