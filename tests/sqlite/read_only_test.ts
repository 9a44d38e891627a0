import { deepEqual, equal, match, throws } from "../assert.ts";
import { join } from "node:path";
import { backUpSqlite } from "../../lib/sqlite/backup.ts";
import { inspectSqlite } from "../../lib/sqlite/inspect.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { normalForm } from "../normal_form.ts";

const NAME = { db: "d", coll: "c" };
const ONE = attribute("ipv4", "192.0.2.1");

/** Runs work with a database on a file system that is read-only by then; needs root. */
async function onReadOnly(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-read-only-" });
  const mount = (...args: string[]) =>
    new Deno.Command("mount", { args: [...args, folder] }).output();
  if (!(await mount("-t", "tmpfs", "tmpfs")).success) {
    console.log("Left out: only root can mount a file system");
    return await Deno.remove(folder);
  }
  try {
    const path = join(folder, "a b?#%.db");
    const sqlite = openSqlite(path);
    await new SqliteInstances(sqlite, NAME).put([ONE]);
    await sqlite.close();
    await mount("-o", "remount,ro");
    await work(path);
  } finally {
    await new Deno.Command("umount", { args: [folder] }).output();
    await Deno.remove(folder);
  }
}

Deno.test("a database on a read-only file system can be read, and says why it cannot be written", async () => {
  await onReadOnly(async (path) => {
    const sqlite = openSqlite(path, { create: false });
    const store = new SqliteInstances(sqlite, NAME);
    const found = await store.get([ONE._hash]);
    deepEqual(found.map((one) => normalForm({ ...one })), [normalForm({ ...ONE })]);
    deepEqual(await new SqliteInstances(sqlite, { db: "d", coll: "other" }).get([ONE._hash]), []);
    const [finding] = await inspectSqlite(sqlite, path);
    equal(finding?.level, "warn");
    match(finding!.text, /can be read, but not written$/);
    await sqlite.close();
    const copy = await Deno.makeTempFile();
    await Deno.remove(copy);
    await backUpSqlite(path, copy);
    const copied = openSqlite(copy, { create: false });
    equal((await new SqliteInstances(copied, NAME).get([ONE._hash])).length, 1);
    await copied.close();
    await Deno.remove(copy);
    throws(() => openSqlite(path), {
      message: /^Cannot write database .*file system is read-only/,
    });
  });
});
