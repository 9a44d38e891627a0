import { deepEqual, throws } from "../assert.ts";
import { checkCreatable } from "../../lib/sqlite/check_creatable.ts";

Deno.test("checkCreatable leaves nothing behind where a file can be made", async () => {
  const folder = await Deno.makeTempDir();
  try {
    checkCreatable(`${folder}/a.db`);
    checkCreatable(`${folder}/none/yet/a.db`);
    deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("checkCreatable names the folder in which nobody can make a file", () => {
  throws(() => checkCreatable("/proc/none/a.db"), {
    name: "StoreUnavailable",
    message: /^Cannot create database \/proc\/none\/a\.db: no file can be made in \/proc: /,
  });
});
