import { DatabaseSync } from "node:sqlite";
import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import { object } from "../../lib/tahoe/object.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import { SHARED, testHostileArchive } from "../suites/hostile_archive.ts";
import { damageInstances } from "./damaged_rows.ts";
import { temporaryFile } from "./temporary_file.ts";

/** Instances of each kind. */
const COUNT = 200;

Deno.test("SQLite answers beside instances of any shape", async () => {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const archive = { db: "tahoe_db", coll: "instance" };
    const identity = { db: "identity_db", coll: "instance" };
    const stores = {
      archive: new SqliteInstances(sqlite, archive),
      graph: new SqliteGraph(sqlite, archive),
      edges: new SqliteEdges(sqlite, archive),
      identity: new SqliteInstances(sqlite, identity),
      close: () => sqlite.close(),
    };
    await testHostileArchive(stores, async (orgid) => {
      const planted = Array.from({ length: COUNT }, (_, i) => instances(orgid, i)).flat();
      await stores.archive.put(planted);
      await stores.identity.put(planted);
      damageInstances(db, planted.map(({ _hash }) => _hash));
    });
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
});

/** Instances with an attribute of their own, and the shared one. */
function instances(orgid: string, number: number): readonly Instance[] {
  const own = attribute("filename", `damaged ${number}`);
  const held = object("file", [own, SHARED]);
  const timestamp = 1_599_999_000 + number;
  return [
    own,
    held,
    event("sighting", [held, SHARED], { orgid, timestamp }),
    { ...event("report", [own, SHARED], { orgid, timestamp }), category: "malicious" },
    raw("unix_system_log", { line: `${number}` }, { orgid, timezone: "UTC" }),
  ];
}
