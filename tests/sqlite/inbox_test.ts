import { deepEqual, equal } from "../assert.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { ask, claimOne, finish, NOW } from "../suites/inbox/fixtures.ts";
import { inboxSuite } from "../suites/inbox_suite.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "report_db", coll: "instance" };

inboxSuite("SqliteInbox in memory", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    inbox: new SqliteInbox(sqlite, COLLECTION),
    instances: new SqliteInstances(sqlite, COLLECTION),
    again: () => Promise.resolve(new SqliteInbox(sqlite, COLLECTION)),
    close: () => sqlite.close(),
  };
});

inboxSuite("SqliteInbox in a file", async () => {
  const { path, remove } = await temporaryFile();
  // Each handle has a connection of its own, as in two processes.
  const opened = [openSqlite(path)];
  return {
    inbox: new SqliteInbox(opened[0]!, COLLECTION),
    instances: new SqliteInstances(opened[0]!, COLLECTION),
    again() {
      opened.push(openSqlite(path));
      return Promise.resolve(new SqliteInbox(opened.at(-1)!, COLLECTION));
    },
    async close() {
      for (const sqlite of opened) await sqlite.close();
      await remove();
    },
  };
});

Deno.test("SqliteInbox keeps to its own collection of a file", async () => {
  const sqlite = openSqlite(":memory:");
  const [one, two] = ["one", "two"].map((coll) => new SqliteInbox(sqlite, { db: "d", coll }));
  const [id] = await ask(one!, 1);
  equal(await two!.find(id!), undefined);
  deepEqual(await two!.claim({ owner: "w", limit: 9, lease: 60, now: NOW }), []);
  await ask(two!, 1);
  const held = await claimOne(one!);
  equal((await two!.status(NOW)).counts.wait, 1);
  equal((await claimOne(two!)).id, held.id);
  await sqlite.close();
});

Deno.test("SqliteInbox leaves no link behind when a query changes", async () => {
  const sqlite = openSqlite(":memory:");
  const inbox = new SqliteInbox(sqlite, COLLECTION);
  const instances = new SqliteInstances(sqlite, COLLECTION);
  await ask(inbox, 1);
  const after = await finish({ inbox }, await claimOne(inbox));
  await ask(inbox, 1);
  await instances.remove(after!._hash);
  const links = await sqlite.read((prepare) => prepare("SELECT itype FROM links").all());
  // The links of the socket to its host, port and nonce.
  equal(links.length, 3);
  await sqlite.close();
});
