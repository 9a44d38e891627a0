import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import { instancesSuite } from "../suites/instances_suite.ts";
import { packingStore } from "../suites/packing_store.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  const open = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "instances" };
    await ensureInstanceIndices(mongo, collection);
    const closing: (() => Promise<void>)[] = [];
    return {
      store: new MongoInstances(mongo, collection),
      async again() {
        const other = await openMongo(url);
        closing.push(() => other.close());
        return new MongoInstances(other, collection);
      },
      async close() {
        for (const each of closing) await each();
        await close();
      },
    };
  };
  instancesSuite("MongoInstances", open);
  instancesSuite("MongoInstances, packed", async () => {
    const { store, again, close } = await open();
    return {
      store: packingStore(store),
      again: async () => packingStore(await again()),
      close,
    };
  });
}
