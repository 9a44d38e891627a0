import { deepEqual, equal, match, rejects, throws } from "../assert.ts";
import { join } from "node:path";
import { inspectSqlite } from "../../lib/sqlite/inspect.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";

Deno.test("inspectSqlite says that the disk is full", async () => {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-full-" });
  const mounting = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=1M", "tmpfs", folder],
  });
  if (!(await mounting.output()).success) {
    console.log("Left out: only root can mount a file system");
    return await Deno.remove(folder);
  }
  try {
    const path = join(folder, "x.db");
    await openSqlite(path).close();
    const sqlite = openSqlite(path, { create: false });
    equal((await inspectSqlite(sqlite, path))[0]?.level, "ok");
    await sqlite.close();
    const filled = await Deno.open(join(folder, "full"), { write: true, create: true });
    // The index of the log takes 32 KiB, which must still be there.
    const room = 1024 * 1024 - (await Deno.stat(path)).size - 36 * 1024;
    await filled.write(new Uint8Array(room));
    filled.close();
    const full = openSqlite(path, { create: false });
    await rejects(inspectSqlite(full, path), { message: /the disk is full$/ });
    await full.close();
    await Deno.writeFile(join(folder, "rest"), new Uint8Array(1024 ** 2)).catch(() => {});
    const readable = openSqlite(path, { create: false });
    const [finding] = await inspectSqlite(readable, path);
    deepEqual([finding?.level, finding?.advice], ["fail", "Make room on it"]);
    match(finding!.text, /^the disk is full: .* can be read/);
    await readable.close();
    throws(() => openSqlite(path), { message: /: the disk is full\. Make room on it\./ });
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    deepEqual(names.filter((name) => name.includes("-room-")), []);
  } finally {
    await new Deno.Command("umount", { args: [folder] }).output();
    await Deno.remove(folder);
  }
});
