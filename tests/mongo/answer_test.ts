import { MongoEdges } from "../../lib/mongo/edges.ts";
import { MongoGraph } from "../../lib/mongo/graph.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { answerSuite, type OpenAnswering } from "../suites/answer_suite.ts";
import { damagedSuite } from "../suites/damaged_suite.ts";
import { lookupSuite } from "../suites/lookup_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  const open: OpenAnswering = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const [archive, identity] = [{ db, coll: "instance" }, { db, coll: "identity" }];
    for (const collection of [archive, identity]) await ensureInstanceIndices(mongo, collection);
    return {
      archive: new MongoInstances(mongo, archive),
      graph: new MongoGraph(mongo, archive),
      edges: new MongoEdges(mongo, archive),
      identity: new MongoInstances(mongo, identity),
      close,
    };
  };

  answerSuite("MongoDB", open);

  damagedSuite("MongoDB", open);
  lookupSuite("MongoDB", open, { runs: 3 });
}
