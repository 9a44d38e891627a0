import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { graphSuite } from "../suites/graph_suite.ts";
import type { OpenGraph } from "../suites/open_graph.ts";
import { reportsSuite } from "../suites/reports_suite.ts";
import { sightingsSuite } from "../suites/sightings_suite.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

const open: OpenGraph = () => {
  const sqlite = openSqlite(":memory:");
  return Promise.resolve({
    store: new SqliteInstances(sqlite, COLLECTION),
    graph: new SqliteGraph(sqlite, COLLECTION),
    close: () => sqlite.close(),
  });
};

graphSuite("SqliteGraph", open);
reportsSuite("SqliteGraph", open, { runs: 100 });
sightingsSuite("SqliteGraph", open, { runs: 100 });
