import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { archiveSuite } from "../suites/archive_suite.ts";

archiveSuite("SqliteLake", () => {
  const sqlite = openSqlite(":memory:");
  return Promise.resolve({
    lake: new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" }),
    archive: new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" }),
    close: async () => await sqlite.close(),
  });
});
