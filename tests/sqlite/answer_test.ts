import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { answerSuite, type OpenAnswering } from "../suites/answer_suite.ts";
import { damagedSuite } from "../suites/damaged_suite.ts";
import { lookupSuite } from "../suites/lookup_suite.ts";

const open: OpenAnswering = () => {
  const sqlite = openSqlite(":memory:");
  const archive = { db: "tahoe_db", coll: "instance" };
  return Promise.resolve({
    archive: new SqliteInstances(sqlite, archive),
    graph: new SqliteGraph(sqlite, archive),
    edges: new SqliteEdges(sqlite, archive),
    identity: new SqliteInstances(sqlite, { db: "identity_db", coll: "instance" }),
    close: () => sqlite.close(),
  });
};

answerSuite("SQLite", open);

damagedSuite("SQLite", open);
lookupSuite("SQLite", open, { runs: 30 });
