import { deepEqual } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqlitePositions } from "../../lib/sqlite/positions.ts";
import { positionsSuite, savedPosition } from "../suites/positions_suite.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

positionsSuite("SqlitePositions", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    positions: new SqlitePositions(sqlite, COLLECTION),
    close: () => sqlite.close(),
  };
});

Deno.test("SqlitePositions list gives damaged positions", async () => {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const positions = new SqlitePositions(sqlite, COLLECTION);
    await positions.save(savedPosition({ id: "a" }));
    await positions.save(savedPosition({ id: "b" }));
    db.exec("UPDATE positions SET document = '{' WHERE id = 'a'");
    db.exec("UPDATE positions SET document = json_set(document, '$.end', 'x') WHERE id = 'b'");
    deepEqual((await positions.list("s")).map((position) => ({ ...position })), [
      { id: "a", reason: "document is not JSON", since: 0 },
      { id: "b", reason: "end is a string, not a number of bytes", since: 1_600_000_000.25 },
    ]);
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
});
