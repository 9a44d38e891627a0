import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, StoreUnavailable } from "../errors.ts";
import { exists } from "../exists.ts";
import { faultCode, NOT_A_DATABASE, unavailable } from "./unavailable.ts";

/**
 * Copies a database file as it is at one moment, while other processes may go on working on it. The
 * copy is durable and for its owner only, is there whole or not at all, and needs no file beside it.
 * A file of an older or a newer program is copied as it is. Blocks until the copy is made.
 *
 * Throws RangeError if there is no file at `path` or one at `copy`, ConfigError if it is no SQLite
 * database, StoreUnavailable if it cannot be read or the copy cannot be written.
 */
export async function backUpSqlite(path: string, copy: string): Promise<void> {
  if (!await exists(path)) throw new RangeError(`Cannot back up ${path}: there is no such file`);
  await assertFree(copy);
  const folder = dirname(copy);
  const draft = await Deno.makeTempFile({ dir: folder, prefix: ".cybexp-", suffix: ".part" });
  try {
    copyInto(path, draft);
    await sync(draft);
    await assertFree(copy);
    await Deno.rename(draft, copy);
  } catch (error) {
    await Deno.remove(draft);
    throw error;
  }
  await sync(folder);
}

async function assertFree(copy: string): Promise<void> {
  if (!await exists(copy)) return;
  throw new RangeError(`Cannot back up to ${copy}: it exists, and backups replace nothing`);
}

async function sync(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

function copyInto(path: string, draft: string): void {
  let from: DatabaseSync | undefined;
  let to: DatabaseSync | undefined;
  try {
    from = new DatabaseSync(path);
    to = new DatabaseSync(draft);
    copyAll(from, to);
  } catch (error) {
    if (faultCode(error) === NOT_A_DATABASE) {
      throw new ConfigError([`Cannot back up ${path}: it is not an SQLite database`], {
        cause: error,
      });
    }
    throw unavailable(error, `Cannot back up ${path}`);
  } finally {
    from?.close();
    to?.close();
  }
}

/**
 * Copies the schema and every row in one read transaction, which in WAL mode holds up no writer.
 * (VACUUM INTO would do, but Deno before 2.9 takes the right to attach files from all connections.)
 */
function copyAll(from: DatabaseSync, to: DatabaseSync): void {
  from.exec("PRAGMA busy_timeout = 5000; BEGIN");
  // Nobody sees the copy before it is whole.
  to.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
    PRAGMA cache_size = -65536; BEGIN`);
  const { user_version } = from.prepare("PRAGMA user_version").get()!;
  const tables = from.prepare(TABLES).all();
  for (const { sql } of tables) to.exec(String(sql));
  for (const { name } of tables) copyRows(from, to, String(name));
  copyNumbering(from, to);
  for (const { sql } of from.prepare(ALL_ELSE).all()) to.exec(String(sql));
  to.exec(`PRAGMA user_version = ${user_version}; COMMIT`);
}

// What SQLite makes by itself has a reserved name, or no text.
const TABLES = `
  SELECT name, sql FROM sqlite_schema
  WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY rowid`;
const ALL_ELSE = `
  SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid`;

function copyRows(from: DatabaseSync, to: DatabaseSync, table: string): void {
  const columns = from.prepare("SELECT name, type FROM pragma_table_info(?)").all(table);
  // As bytes, texts pass whatever they hold: node:sqlite reads them up to their first NUL.
  const read = columns.map(({ name, type }) =>
    type === "TEXT" ? `CAST(${quoted(name)} AS BLOB)` : quoted(name)
  );
  const written = columns.map(({ type }) => type === "TEXT" ? "CAST(? AS TEXT)" : "?");
  const rows = from.prepare(`SELECT ${read} FROM ${quoted(table)}`);
  rows.setReadBigInts(true);
  const insert = to.prepare(`INSERT INTO ${quoted(table)} VALUES (${written})`);
  let left = Number(from.prepare(`SELECT count(*) AS n FROM ${quoted(table)}`).get()!["n"]);
  // Deno 2.4 frees a statement that only its iterator still knows, and crashes.
  const held = new Set([rows]);
  for (const row of rows.iterate()) {
    insert.run(...Object.values(row));
    left--;
  }
  held.clear();
  // Where a row cannot be read, Deno ends the iteration as if it were the last.
  if (left !== 0) throw new StoreUnavailable(`Cannot back up table ${table}: it is corrupt`);
}

/** AUTOINCREMENT goes on behind the highest number there ever was, not behind the highest left. */
function copyNumbering(from: DatabaseSync, to: DatabaseSync): void {
  const table = "sqlite_sequence";
  const isThere = from.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table);
  if (isThere === undefined) return;
  to.exec(`DELETE FROM ${table}`);
  copyRows(from, to, table);
}

function quoted(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}
