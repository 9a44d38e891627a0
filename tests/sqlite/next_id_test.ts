import { deepEqual, equal } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { ask, drain as drainInbox } from "../suites/inbox/fixtures.ts";
import { drain as drainLake, upload } from "../suites/lake/fixtures.ts";
import { temporaryFile } from "./temporary_file.ts";

for (const id of ["9007199254740991", "9007199254740993", "9223372036854775807"]) {
  Deno.test(`SqliteLake and SqliteInbox take new work beside a row of the id ${id}`, async () => {
    const { path, remove } = await temporaryFile();
    const sqlite = openSqlite(path);
    const db = new DatabaseSync(path);
    try {
      const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
      const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
      const [first] = await lake.submit([upload("a")]);
      const [asked] = await ask(inbox, 1);
      db.exec(`PRAGMA foreign_keys = OFF`);
      db.exec(`UPDATE entries SET id = ${id} WHERE id = ${first}`);
      db.exec(`UPDATE sqlite_sequence SET seq = ${id} WHERE name = 'entries'`);
      db.exec(`UPDATE queries SET id = ${id} WHERE hash = unhex('${asked}')`);
      const submitted = await lake.submit([upload("b"), upload("c")]);
      const { claims } = await drainLake(lake);
      deepEqual(submitted.filter((each) => claims.every((claim) => claim.id !== each)), []);
      const later = await ask(inbox, 2, 3);
      deepEqual((await drainInbox(inbox)).claims.map(({ id }) => id), [asked, ...later]);
      equal((await lake.submit([upload("d")])).length, 1);
    } finally {
      db.close();
      await sqlite.close();
      await remove();
    }
  });
}

Deno.test("SqliteLake gives no id a second time, even if the entry of the greatest is discarded", async () => {
  const sqlite = openSqlite(":memory:");
  try {
    const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
    const ids = await lake.submit([upload("a"), upload("b")]);
    const { claims } = await drainLake(lake);
    await lake.settle(claims.map((claim) => ({
      claim,
      outcome: { state: "ERROR", reason: "x" },
    })));
    equal(await lake.discard(ids), 2);
    const [next] = await lake.submit([upload("c")]);
    equal(ids.includes(next!), false);
  } finally {
    await sqlite.close();
  }
});
