import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { edgeFollowerSuite } from "../suites/edge_follower_suite.ts";
import { edgesSuite } from "../suites/edges_suite.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

async function open() {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: new SqliteInstances(sqlite, COLLECTION),
    edges: new SqliteEdges(sqlite, COLLECTION),
    close: () => sqlite.close(),
  };
}

edgesSuite("SqliteEdges", open);
edgeFollowerSuite("SqliteEdges", open);
