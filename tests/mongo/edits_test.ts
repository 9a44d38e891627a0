import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { editsSuite } from "../suites/edits_suite.ts";
import { eventsSuite } from "../suites/events_suite.ts";
import { identitySuite } from "../suites/identity_suite.ts";
import { removalSuite } from "../suites/removal_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  const open = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "instance" };
    await ensureInstanceIndices(mongo, collection);
    return { store: new MongoInstances(mongo, collection), close };
  };
  editsSuite("MongoInstances", open);
  eventsSuite("MongoInstances", open);
  identitySuite("MongoInstances", open);
  removalSuite("MongoInstances", open);
}
