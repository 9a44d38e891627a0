import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../lib/errors.ts";
import type { Event, Raw, Session } from "../../lib/tahoe/instance.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { migrate } from "../../lib/sqlite/migrations.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { Sqlite } from "../../lib/sqlite/sqlite.ts";
import { instancesSuite } from "../suites/instances_suite.ts";
import { temporaryFile } from "./temporary_file.ts";

const where = { db: "tahoe_db", coll: "instance" };

instancesSuite("SqliteInstances in memory", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: new SqliteInstances(sqlite, where),
    again: () => Promise.resolve(new SqliteInstances(sqlite, where)),
    close: () => sqlite.close(),
  };
});

instancesSuite("SqliteInstances in a file", async () => {
  const { path, remove } = await temporaryFile();
  // Connections of their own, as two processes have them.
  const opened = [openSqlite(path)];
  return {
    store: new SqliteInstances(opened[0]!, where),
    again() {
      opened.push(openSqlite(path));
      return Promise.resolve(new SqliteInstances(opened.at(-1)!, where));
    },
    async close() {
      for (const sqlite of opened) await sqlite.close();
      await remove();
    },
  };
});

const hash = "1".repeat(64);
const child = "2".repeat(64);

function session(_ref: readonly string[]): Session {
  return { itype: "session", sub_type: "ssh", data: {}, _cref: [child], _ref, _hash: hash };
}

Deno.test("SqliteInstances keeps to its own collection of a file", async () => {
  const sqlite = openSqlite(":memory:");
  const [one, two] = ["one", "two"].map((coll) => new SqliteInstances(sqlite, { db: "d", coll }));
  await one!.put([session([child])]);
  await two!.put([session([])]);
  await two!.remove(hash);
  assert.equal((await one!.parents(child)).length, 1);
  assert.equal((await one!.referrers(child)).length, 1);
  assert.deepEqual(await two!.get([hash]), []);
  assert.deepEqual(await two!.parents(child), []);
  assert.deepEqual(await two!.missing([hash]), [hash]);
  assert.deepEqual(await two!.count(), {});
  for await (const each of two!.all()) assert.fail(each._hash);
  await sqlite.close();
});

Deno.test("SqliteInstances takes no organisation for another", async () => {
  const sqlite = openSqlite(":memory:");
  const store = new SqliteInstances(sqlite, where);
  const orgids = ["", "a", "a\0", "a\0b", "A", "0", "00"];
  await store.put(orgids.map((orgid, i): Event => ({
    ...session([child]),
    itype: "event",
    orgid,
    timestamp: 1,
    category: "unknown",
    _ben_ref: [],
    _mal_ref: [],
    _hash: `${i}`.padStart(64, "0"),
  })));
  const links = await sqlite.read((prepare) =>
    prepare("SELECT DISTINCT organisation FROM links").all()
  );
  assert.equal(links.length, orgids.length);
  await sqlite.close();
});

Deno.test("SqliteInstances leaves no link behind when documents go", async () => {
  const sqlite = openSqlite(":memory:");
  const store = new SqliteInstances(sqlite, where);
  const others = ["3", "4"].map((digit) => digit.repeat(64));
  await store.put([session([child])]);
  await store.put([session([...others])]);
  await store.replace(hash, { ...session([others[0]!]), _hash: "5".repeat(64) });
  await store.remove("5".repeat(64));
  const links = await sqlite.read((prepare) => prepare("SELECT * FROM links").all());
  assert.deepEqual(links, []);
  await sqlite.close();
});

Deno.test("SqliteInstances put on a full disk stores nothing of the call", async () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, ":memory:");
  const sqlite = new Sqlite(db);
  const store = new SqliteInstances(sqlite, where);
  await store.put([session([])]);
  db.exec("PRAGMA max_page_count = 100");
  const large: Raw = {
    itype: "raw",
    sub_type: "x",
    data: "x".repeat(2 ** 20),
    orgid: "o",
    timezone: null,
    _hash: child,
  };
  await assert.rejects(store.put([session([child]), large]), StoreUnavailable);
  assert.deepEqual({ ...await store.count() }, { session: 1 });
  assert.deepEqual(await store.referrers(child), []);
  await sqlite.close();
});
