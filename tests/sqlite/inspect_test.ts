import { deepEqual } from "../assert.ts";
import { inspectSqlite } from "../../lib/sqlite/inspect.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";

Deno.test("inspectSqlite warns if others can read the file", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.db`;
  const sqlite = openSqlite(path);
  try {
    deepEqual((await inspectSqlite(sqlite, path)).map(({ level }) => level), ["ok"]);
    await Deno.chmod(path, 0o640);
    const [, warning] = await inspectSqlite(sqlite, path);
    deepEqual(warning, {
      level: "warn",
      text: `${path} can be read by others (mode 640)`,
      advice: `chmod 600 ${path}*`,
    });
  } finally {
    await sqlite.close();
    await Deno.remove(folder, { recursive: true });
  }
});
