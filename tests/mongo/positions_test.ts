import { deepEqual } from "../assert.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { MongoPositions } from "../../lib/mongo/positions.ts";
import { positionsSuite } from "../suites/positions_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  positionsSuite("MongoPositions", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    return { positions: new MongoPositions(mongo, { db, coll: "instances" }), close };
  });

  Deno.test("MongoPositions list gives damaged positions, also those of no readable source", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const damaged = [{ id: "a", source: "s" }, { id: "b", source: ["other"] }, { id: "c" }];
      await collectionOf(mongo, { db, coll: "instances.positions" })
        .insertMany([...damaged, { id: "d", source: "other" }]);
      const found = await new MongoPositions(mongo, { db, coll: "instances" }).list("s");
      deepEqual(
        found.map((position) => ({ ...position })).toSorted((a, b) => a.id < b.id ? -1 : 1),
        [
          { id: "a", reason: "typetag is missing", since: 0 },
          { id: "b", reason: "source is a list, not a string", since: 0 },
          { id: "c", reason: "source is missing", since: 0 },
        ],
      );
    } finally {
      await close();
    }
  });

  Deno.test("MongoPositions list does not read what is larger than a position can be", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const nulls = new Array(1_000_000).fill(null);
      const damaged = [{ id: "a", source: "s", more: nulls }, { id: "x".repeat(9e6), source: "s" }];
      await collectionOf(mongo, { db, coll: "instances.positions" }).insertMany(damaged);
      const found = await new MongoPositions(mongo, { db, coll: "instances" }).list("s");
      deepEqual(found.map(({ id }) => id), ["a", "whose id is too large"]);
    } finally {
      await close();
    }
  });
}
