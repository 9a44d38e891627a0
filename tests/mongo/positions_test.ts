import { MongoPositions } from "../../lib/mongo/positions.ts";
import { positionsSuite } from "../suites/positions_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  positionsSuite("MongoPositions", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    return { positions: new MongoPositions(mongo, { db, coll: "instances" }), close };
  });
}
