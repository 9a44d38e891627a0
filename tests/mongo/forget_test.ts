import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { forgetSuite } from "../suites/forget_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  forgetSuite("MongoInstances", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const place = { db, coll: "instance" };
    await ensureInstanceIndices(mongo, place);
    return { store: new MongoInstances(mongo, place), close };
  }, { numRuns: 20 });
}
