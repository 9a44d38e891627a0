import { deepEqual, equal, fail, rejects } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../lib/errors.ts";
import type { Event, Raw, Session } from "../../lib/tahoe/instance.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { migrate } from "../../lib/sqlite/migrations.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { Sqlite } from "../../lib/sqlite/sqlite.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import { assertSame, pause } from "../suites/instances/fixtures.ts";
import { instancesSuite } from "../suites/instances_suite.ts";
import { packingStore } from "../suites/packing_store.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

instancesSuite("SqliteInstances in memory", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: new SqliteInstances(sqlite, COLLECTION),
    again: () => Promise.resolve(new SqliteInstances(sqlite, COLLECTION)),
    close: () => sqlite.close(),
  };
});

instancesSuite("SqliteInstances, packed", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: packingStore(new SqliteInstances(sqlite, COLLECTION)),
    again: () => Promise.resolve(packingStore(new SqliteInstances(sqlite, COLLECTION))),
    close: () => sqlite.close(),
  };
});

instancesSuite("SqliteInstances in a file", async () => {
  const { path, remove } = await temporaryFile();
  // Each handle has a connection of its own, as in two processes.
  const opened = [openSqlite(path)];
  return {
    store: new SqliteInstances(opened[0]!, COLLECTION),
    again() {
      opened.push(openSqlite(path));
      return Promise.resolve(new SqliteInstances(opened.at(-1)!, COLLECTION));
    },
    async close() {
      for (const sqlite of opened) await sqlite.close();
      await remove();
    },
  };
});

const HASH = "1".repeat(64);
const CHILD = "2".repeat(64);

function session(_ref: readonly string[]): Session {
  return { itype: "session", sub_type: "ssh", data: {}, _cref: [CHILD], _ref, _hash: HASH };
}

Deno.test("SqliteInstances keeps to its own collection of a file", async () => {
  const sqlite = openSqlite(":memory:");
  const [one, two] = ["one", "two"].map((coll) => new SqliteInstances(sqlite, { db: "d", coll }));
  await one!.put([session([CHILD])]);
  await two!.put([session([])]);
  await two!.remove(HASH);
  equal((await one!.parents(CHILD)).length, 1);
  equal((await one!.referrers(CHILD)).length, 1);
  deepEqual(await two!.get([HASH]), []);
  deepEqual(await two!.parents(CHILD), []);
  deepEqual(await two!.missing([HASH]), [HASH]);
  deepEqual(await two!.count(), {});
  for await (const each of two!.all()) fail(each._hash);
  await sqlite.close();
});

Deno.test("SqliteInstances tells similar organisations apart", async () => {
  const sqlite = openSqlite(":memory:");
  const store = new SqliteInstances(sqlite, COLLECTION);
  const orgids = ["", "a", "a\0", "a\0b", "A", "0", "00"];
  await store.put(orgids.map((orgid, i): Event => ({
    ...session([CHILD]),
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
  equal(links.length, orgids.length);
  await sqlite.close();
});

Deno.test("SqliteInstances leaves no link behind when documents are removed", async () => {
  const sqlite = openSqlite(":memory:");
  const store = new SqliteInstances(sqlite, COLLECTION);
  const others = ["3", "4"].map((digit) => digit.repeat(64));
  await store.put([session([CHILD])]);
  await store.put([session([...others])]);
  await store.replace(HASH, { ...session([others[0]!]), _hash: "5".repeat(64) });
  await store.remove("5".repeat(64));
  const links = await sqlite.read((prepare) => prepare("SELECT * FROM links").all());
  deepEqual(links, []);
  await sqlite.close();
});

Deno.test("SqliteInstances put stores nothing of a call that fills the disk", async () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, ":memory:");
  const sqlite = new Sqlite(db);
  const store = new SqliteInstances(sqlite, COLLECTION);
  await store.put([session([])]);
  db.exec("PRAGMA max_page_count = 100");
  const large: Raw = {
    itype: "raw",
    sub_type: "x",
    data: randomText(2 ** 20),
    orgid: "o",
    timezone: null,
    _hash: CHILD,
  };
  await rejects(store.put([session([CHILD]), large]), StoreUnavailable);
  deepEqual({ ...await store.count() }, { session: 1 });
  deepEqual(await store.referrers(CHILD), []);
  await sqlite.close();
});

Deno.test("SqliteInstances put survives that others remove what it has just stored", async () => {
  const { path, remove } = await temporaryFile();
  const handles = [openSqlite(path), openSqlite(path)];
  const [store, other] = handles.map((sqlite) => new SqliteInstances(sqlite, COLLECTION));
  const children = Array.from({ length: 5000 }, (_, i) => attribute("port", `${i}`));
  const events = children.map((child, i) => event("scan", [child], { orgid: "o", timestamp: i }));
  const putting = store!.put([...children, ...events]);
  const hashes = children.map(({ _hash }) => _hash);
  // The first transactions stored attributes to which nothing refers yet.
  while ((await other!.missing(hashes)).length === hashes.length) await pause(1);
  await other!.removeAll(hashes);
  await putting;
  const found = await store!.get(events.map(({ _hash }) => _hash));
  assertSame(found, events);
  for (const hash of hashes.slice(0, 10)) equal((await store!.referrers(hash)).length, 1);
  for (const sqlite of handles) await sqlite.close();
  await remove();
});

/** A text that takes as much space as it has characters. */
function randomText(length: number): string {
  const blocks = Array.from({ length: length / 2 ** 10 }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(2 ** 10));
    return Array.from(bytes, (byte) => String.fromCharCode(0x20 + byte % 0x5e)).join("");
  });
  return blocks.join("");
}
