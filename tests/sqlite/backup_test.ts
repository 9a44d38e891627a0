import { deepEqual, equal, ok, rejects } from "../assert.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, StoreUnavailable } from "../../lib/errors.ts";
import { backUpSqlite } from "../../lib/sqlite/backup.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { normalForm } from "../normal_form.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

/** Runs `work` with a temporary folder. */
async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-backup-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

Deno.test("backUpSqlite copies what is committed, and nothing of an unfinished write", async () => {
  await withFolder(async (folder) => {
    const [path, copy] = [join(folder, "a.db"), join(folder, "b.db")];
    const sqlite = openSqlite(path);
    const store = new SqliteInstances(sqlite, COLLECTION);
    const [first, second] = [attribute("ipv4", "192.0.2.1"), attribute("ipv4", "192.0.2.2")];
    await store.put([first]);
    await store.atomically(async (inside) => {
      await inside.put([second]);
      await backUpSqlite(path, copy);
    });
    const copied = openSqlite(copy);
    const found = await new SqliteInstances(copied, COLLECTION).get([first._hash, second._hash]);
    deepEqual(found.map((one) => normalForm({ ...one })), [normalForm({ ...first })]);
    deepEqual((await store.get([first._hash, second._hash])).length, 2);
    await copied.close();
    await sqlite.close();
  });
});

Deno.test("backUpSqlite makes a complete database for its owner only, without files beside it", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.db");
    const sqlite = openSqlite(path);
    await new SqliteInstances(sqlite, COLLECTION).put([attribute("ipv4", "192.0.2.1")]);
    await Deno.mkdir(join(folder, "copies"));
    const copy = join(folder, "copies", "b.db");
    await backUpSqlite(path, copy);
    await sqlite.close();
    deepEqual(namesIn(join(folder, "copies")), ["b.db"]);
    equal((await Deno.stat(copy)).mode! & 0o777, 0o600);
    deepEqual(readContents(copy), readContents(path));
  });
});

Deno.test("backUpSqlite copies every table, index, trigger and view, and all values exactly", async () => {
  await withFolder(async (folder) => {
    const [path, copy] = [join(folder, "a.db"), join(folder, "b.db")];
    const db = new DatabaseSync(path);
    db.exec(`
      CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY AUTOINCREMENT, "a b" TEXT, b BLOB, r REAL);
      CREATE TABLE later (x, PRIMARY KEY (x)) WITHOUT ROWID;
      CREATE INDEX by_text ON "odd ""name" ("a b") WHERE r > 0;
      CREATE VIEW texts AS SELECT "a b" FROM "odd ""name";
      CREATE TRIGGER again AFTER INSERT ON later BEGIN SELECT 1; END;
      INSERT INTO later VALUES (7), ('seven');
      INSERT INTO "odd ""name" VALUES
        (9223372036854775807, NULL, NULL, NULL), (-9007199254740993, '', x'', 1e999),
        (3, 'a' || char(0) || 'b \u{1f600}', x'00ff', -0.1), (4, CAST(x'ff' AS TEXT), x'41', 5);
      DELETE FROM "odd ""name" WHERE id > 4;
      PRAGMA user_version = 999;`);
    db.close();
    await backUpSqlite(path, copy);
    deepEqual(readContents(copy), readContents(path));
  });
});

/** Everything in a database: schema, and the type and bytes of each value. */
function readContents(path: string) {
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all().map((row) => ({ ...row }));
  };
  const schema = all("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
  const tables = schema.filter(({ type }) => type === "table").map(({ name }) => String(name));
  const rows = tables.map((table) => {
    const columns = all(`SELECT name FROM pragma_table_info('${table}')`);
    const exact = columns.flatMap(({ name }) => [`typeof("${name}")`, `hex("${name}")`]);
    return all(`SELECT ${exact} FROM "${table.replaceAll('"', '""')}"`);
  });
  const version = all("PRAGMA user_version");
  const integrity = all("PRAGMA integrity_check");
  db.close();
  return { schema, rows, version, integrity };
}

Deno.test("backUpSqlite copies a table so large that garbage is collected many times", async () => {
  await withFolder(async (folder) => {
    const [path, copy] = [join(folder, "a.db"), join(folder, "b.db")];
    const db = new DatabaseSync(path);
    db.exec(manyRows(300_000));
    db.close();
    await backUpSqlite(path, copy);
    const copied = new DatabaseSync(copy);
    const row = copied.prepare("SELECT count(*) AS n, max(a) AS last FROM t").get();
    deepEqual({ ...row }, { n: 300_000, last: 300_000 });
    copied.close();
  });
});

/** SQL that makes a table with many rows. */
function manyRows(count: number): string {
  return `
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO t SELECT i, hex(zeroblob(50)) FROM n`;
}

Deno.test("backUpSqlite gives the copy of an older file pages of today's size", async () => {
  await withFolder(async (folder) => {
    const [path, copy] = [join(folder, "a.db"), join(folder, "b.db")];
    const older = new DatabaseSync(path);
    older.exec(
      "PRAGMA page_size = 4096; CREATE TABLE texts (text); INSERT INTO texts VALUES ('a')",
    );
    older.close();
    await backUpSqlite(path, copy);
    const copied = new DatabaseSync(copy);
    deepEqual({ ...copied.prepare("SELECT text FROM texts").get() }, { text: "a" });
    deepEqual({ ...copied.prepare("PRAGMA page_size").get() }, { page_size: 1024 });
    copied.close();
  });
});

Deno.test("backUpSqlite overwrites nothing", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.db");
    await openSqlite(path).close();
    await Deno.writeTextFile(join(folder, "there"), "kept");
    await Deno.symlink("nowhere", join(folder, "link"));
    for (const name of ["there", "link", "a.db"]) {
      await rejects(backUpSqlite(path, join(folder, name)), {
        name: "RangeError",
        message: `Cannot back up to ${join(folder, name)}: it exists, and backups replace nothing`,
      });
    }
    equal(await Deno.readTextFile(join(folder, "there")), "kept");
    deepEqual(namesIn(folder), ["a.db", "link", "there"]);
  });
});

Deno.test("backUpSqlite leaves nothing behind if it fails", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.db");
    const copy = join(folder, "b.db");
    await rejects(backUpSqlite(path, copy), {
      name: "RangeError",
      message: `Cannot back up ${path}: there is no such file`,
    });
    deepEqual(namesIn(folder), []);

    await Deno.writeTextFile(path, "not a database, but text that is long enough ".repeat(99));
    await rejects(backUpSqlite(path, copy), (error) => {
      equal(error instanceof ConfigError, true);
      equal((error as Error).message, `Cannot back up ${path}: it is not an SQLite database`);
      return true;
    });
    deepEqual(namesIn(folder), ["a.db"]);
  });
});

Deno.test("backUpSqlite reports a corrupt page, whether in a read or in a count", async () => {
  for (const pages of [[2, 3], [20, 21], [60, 100]] as const) {
    await withFolder(async (folder) => {
      const path = join(folder, "a.db");
      const db = new DatabaseSync(path);
      db.exec(manyRows(5000));
      db.close();
      const bytes = await Deno.readFile(path);
      ok(bytes.length > 4096 * 100, String(bytes.length));
      await Deno.writeFile(path, bytes.fill(0xaa, 4096 * pages[0], 4096 * pages[1]));
      await rejects(backUpSqlite(path, join(folder, "b.db")), (error) => {
        equal(error instanceof StoreUnavailable, true, `${error}`);
        equal(/^Cannot back up .* corrupt$/.test((error as Error).message), true, `${error}`);
        return true;
      });
      deepEqual(namesIn(folder), ["a.db"]);
    });
  }
});
