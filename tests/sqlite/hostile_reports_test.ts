import { BSON } from "mongodb";
import { DatabaseSync } from "node:sqlite";
import { fromBson } from "../../lib/mongo/bson.ts";
import { DocumentWriter } from "../../lib/sqlite/documents.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { keyOf } from "../../lib/sqlite/key.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { removeKey } from "../../lib/sqlite/remove_document.ts";
import { testHostileReports } from "../suites/hostile_reports.ts";
import { temporaryFile } from "./temporary_file.ts";

Deno.test("SQLite reads reports of any shape, and replaces what cannot be read", async () => {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const name = { db: "report_db", coll: "instance" };
    const opened = {
      inbox: new SqliteInbox(sqlite, name),
      instances: new SqliteInstances(sqlite, name),
    };
    const open = { prepare: (sql: string) => db.prepare(sql), id: 1 };
    await testHostileReports(opened, ({ _hash }, document) => {
      removeKey(open, keyOf(_hash));
      new DocumentWriter(open).restore(keyOf(_hash), fromBson(BSON.serialize(document)));
      return Promise.resolve();
    });
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
});
