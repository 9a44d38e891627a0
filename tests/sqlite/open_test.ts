import { deepEqual, equal, match, ok, throws } from "../assert.ts";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { ConfigError, StoreUnavailable } from "../../lib/errors.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { temporaryFile } from "./temporary_file.ts";

function test(behaviour: string, body: (path: string) => Promise<void>): void {
  Deno.test(behaviour, async () => {
    const { path, remove } = await temporaryFile();
    try {
      await body(path);
    } finally {
      await remove();
    }
  });
}

async function mode(path: string): Promise<number> {
  return (await Deno.stat(path)).mode! & 0o777;
}

test("openSqlite makes the folder and its files for their owner only", async (path) => {
  const sqlite = openSqlite(path);
  await sqlite.write((prepare) => prepare("INSERT INTO collections (name) VALUES ('a')").run());
  equal(await mode(dirname(path)), 0o700);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) equal(await mode(file), 0o600);
  await sqlite.close();
});

test("openSqlite a second time leaves the first its locks, so that its writes stay", async (path) => {
  const [first, second] = [openSqlite(path), openSqlite(path)];
  // A process that believes to be the last one with the file open deletes its log.
  deepEqual(await readNamesElsewhere(path), []);
  await first.write((prepare) => prepare("INSERT INTO collections (name) VALUES ('a')").run());
  deepEqual(await readNamesElsewhere(path), ["a"]);
  for (const sqlite of [first, second]) await sqlite.close();
});

/** The collection names that another process reads, which opens and closes the file. */
async function readNamesElsewhere(path: string): Promise<unknown> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "-A",
      fileURLToPath(new URL("names_worker.ts", import.meta.url)),
      path,
    ],
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

test("openSqlite keeps the content of a file that was closed", async (path) => {
  const first = openSqlite(path);
  await first.write((prepare) => prepare("INSERT INTO collections (name) VALUES ('a')").run());
  await first.close();
  const second = openSqlite(path);
  const rows = await second.read((prepare) => prepare("SELECT name FROM collections").all());
  deepEqual(rows.map((row) => row["name"]), ["a"]);
  await second.close();
});

for (
  const [pragma, value] of [
    ["journal_mode", "wal"],
    ["synchronous", 2],
    ["trusted_schema", 0],
    ["foreign_keys", 1],
    ["page_size", 1024],
    ["wal_autocheckpoint", 262_144],
  ]
) {
  test(`openSqlite sets ${pragma} to ${value}`, async (path) => {
    const sqlite = openSqlite(path);
    const row = await sqlite.read((prepare) => prepare(`PRAGMA ${pragma}`).get());
    deepEqual(Object.values(row ?? {}), [value]);
    await sqlite.close();
  });
}

test("openSqlite leaves an older file its pages, and limits its log to as many bytes", async (path) => {
  await Deno.mkdir(dirname(path));
  const db = new DatabaseSync(path);
  db.exec("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; CREATE TABLE older (id)");
  db.exec("DROP TABLE older");
  db.close();
  const sqlite = openSqlite(path);
  const read = (pragma: string) =>
    sqlite.read((prepare) => Object.values(prepare(`PRAGMA ${pragma}`).get()!)[0]);
  equal(await read("page_size"), 4096);
  equal(await read("wal_autocheckpoint"), 65_536);
  await sqlite.close();
});

test("openSqlite refuses a file that is not a database", async (path) => {
  await Deno.mkdir(dirname(path));
  await Deno.writeTextFile(path, "not a database at all\n".repeat(100));
  throws(() => openSqlite(path), (error) => {
    ok(error instanceof ConfigError);
    match(error.message, /cybexp\.db: it is not an SQLite database$/);
    return true;
  });
});

test("openSqlite refuses a newer program's file", async (path) => {
  await openSqlite(path).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 1000");
  db.close();
  throws(() => openSqlite(path), ConfigError);
});

test("openSqlite throws StoreUnavailable if it cannot create the file", async (path) => {
  await Deno.writeTextFile(dirname(path), "a file in place of the folder");
  throws(() => openSqlite(path), (error) => {
    ok(error instanceof StoreUnavailable);
    match(error.message, /^Cannot open database .*cybexp\.db: /);
    ok(error.cause instanceof Error);
    return true;
  });
});

test("openSqlite says that a path is a folder, or leads through a file", async (path) => {
  Deno.mkdirSync(dirname(path), { recursive: true });
  for (const create of [true, false]) {
    throws(() => openSqlite(dirname(path), { create }), {
      name: "StoreUnavailable",
      message: /it is a folder\. mongo_url names a file, such as sqlite:.*\/cybexp\.db$/,
    });
  }
  await openSqlite(path).close();
  throws(() => openSqlite(`${path}/more.db`, { create: false }), {
    name: "StoreUnavailable",
    message: /a part of its path is a file/,
  });
});

test("openSqlite caches as many bytes as it is told, 64 MiB otherwise", async (path) => {
  for (
    const [options, pages] of [[{}, -65536], [{ cacheBytes: 16 * 1024 ** 2 }, -16384]] as const
  ) {
    const sqlite = openSqlite(path, options);
    const row = await sqlite.read((prepare) => prepare("PRAGMA cache_size").get());
    equal(row?.["cache_size"], pages);
    await sqlite.close();
  }
});
