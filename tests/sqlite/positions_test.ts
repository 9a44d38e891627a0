import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqlitePositions } from "../../lib/sqlite/positions.ts";
import { positionsSuite } from "../suites/positions_suite.ts";

positionsSuite("SqlitePositions", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    positions: new SqlitePositions(sqlite, { db: "tahoe_db", coll: "instance" }),
    close: () => sqlite.close(),
  };
});
