import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { forgetSuite } from "../suites/forget_suite.ts";

forgetSuite("SqliteInstances", () => {
  const sqlite = openSqlite(":memory:");
  return Promise.resolve({
    store: new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" }),
    close: async () => await sqlite.close(),
  });
}, { numRuns: 300 });
