import { MongoEdges } from "../../lib/mongo/edges.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { edgeFollowerSuite } from "../suites/edge_follower_suite.ts";
import { edgesSuite } from "../suites/edges_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  const open = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "instances" };
    await ensureInstanceIndices(mongo, collection);
    return {
      store: new MongoInstances(mongo, collection),
      edges: new MongoEdges(mongo, collection),
      close,
    };
  };
  edgesSuite("MongoEdges", open);
  edgeFollowerSuite("MongoEdges", open);
}
