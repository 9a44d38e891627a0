import assert from "node:assert/strict";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { ask, claimOne, finish, now } from "../suites/inbox/fixtures.ts";
import { inboxSuite } from "../suites/inbox_suite.ts";
import { temporaryFile } from "./temporary_file.ts";

const where = { db: "report_db", coll: "instance" };

inboxSuite("SqliteInbox in memory", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    inbox: new SqliteInbox(sqlite, where),
    instances: new SqliteInstances(sqlite, where),
    again: () => Promise.resolve(new SqliteInbox(sqlite, where)),
    close: () => sqlite.close(),
  };
});

inboxSuite("SqliteInbox in a file", async () => {
  const { path, remove } = await temporaryFile();
  // Connections of their own, as two processes have them.
  const opened = [openSqlite(path)];
  return {
    inbox: new SqliteInbox(opened[0]!, where),
    instances: new SqliteInstances(opened[0]!, where),
    again() {
      opened.push(openSqlite(path));
      return Promise.resolve(new SqliteInbox(opened.at(-1)!, where));
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
  assert.equal(await two!.find(id!), undefined);
  assert.deepEqual(await two!.claim({ owner: "w", limit: 9, lease: 60, now }), []);
  await ask(two!, 1);
  const held = await claimOne(one!);
  assert.equal((await two!.status(now)).counts.wait, 1);
  assert.equal((await claimOne(two!)).id, held.id);
  await sqlite.close();
});

Deno.test("SqliteInbox leaves no link behind when a query changes", async () => {
  const sqlite = openSqlite(":memory:");
  const inbox = new SqliteInbox(sqlite, where);
  const instances = new SqliteInstances(sqlite, where);
  await ask(inbox, 1);
  const after = await finish({ inbox }, await claimOne(inbox));
  await ask(inbox, 1);
  await instances.remove(after!._hash);
  const links = await sqlite.read((prepare) => prepare("SELECT itype FROM links").all());
  // The socket's, to its host, port and nonce.
  assert.equal(links.length, 3);
  await sqlite.close();
});
