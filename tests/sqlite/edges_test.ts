import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { edgesSuite } from "../suites/edges_suite.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

edgesSuite("SqliteEdges", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: new SqliteInstances(sqlite, COLLECTION),
    edges: new SqliteEdges(sqlite, COLLECTION),
    close: () => sqlite.close(),
  };
});
