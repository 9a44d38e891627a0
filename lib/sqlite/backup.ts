import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, errorMessage, StoreUnavailable } from "../errors.ts";
import { exists } from "../exists.ts";
import { PAGE_SIZE } from "./open.ts";
import { isReadOnly, openReadOnly } from "./read_only.ts";
import { faultCode, NOT_A_DATABASE, toStoreError } from "./store_errors.ts";

/**
 * Copies a database file as it is at one moment, while other processes may keep working on it. The
 * copy is durable and for its owner only; it appears whole or not at all, and needs no file beside
 * it. A file of an older or newer program is copied as it is. Blocks until the copy is complete.
 *
 * @throws {RangeError} when there is no file at `path`, or there is one at `copy`.
 * @throws {ConfigError} CONFIG when the file is not an SQLite database.
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when the file cannot be read or the copy cannot be
 * written.
 */
export async function backUpSqlite(path: string, copy: string): Promise<void> {
  if (!await exists(path)) throw new RangeError(`Cannot back up ${path}: there is no such file`);
  await assertFree(copy);
  const folder = dirname(copy);
  const draft = await makeDraft(folder, copy);
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

/** Makes the file that becomes the copy once it is complete. */
async function makeDraft(folder: string, copy: string): Promise<string> {
  try {
    return await Deno.makeTempFile({ dir: folder, prefix: ".cybexp-", suffix: ".part" });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? `there is no folder ${folder}. Make it first`
      : `files cannot be made in ${folder}: ${errorMessage(cause)}`;
    throw new StoreUnavailable(`Cannot back up to ${copy}: ${reason}`, { cause });
  }
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
    from = openToRead(path);
    to = new DatabaseSync(draft);
    copyAll(from, to);
  } catch (error) {
    if (faultCode(error) === NOT_A_DATABASE) {
      throw new ConfigError([`Cannot back up ${path}: it is not an SQLite database`], {
        cause: error,
      });
    }
    throw toStoreError(error, `Cannot back up ${path}`);
  } finally {
    from?.close();
    to?.close();
  }
}

/** Opens a file; one where nothing can be written, without what SQLite needs to share it. */
function openToRead(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.prepare("SELECT 1 FROM sqlite_schema").get();
    return db;
  } catch (error) {
    db.close();
    if (isReadOnly(path, error)) return openReadOnly(path);
    throw error;
  }
}

/**
 * Copies the schema and every row in one read transaction, which in WAL mode delays no writer.
 * (VACUUM INTO would do it, but Deno before 2.9 denies all connections the right to attach files.)
 */
function copyAll(from: DatabaseSync, to: DatabaseSync): void {
  from.exec("PRAGMA busy_timeout = 5000; BEGIN");
  // Nobody sees the copy before it is complete, so it needs no journal.
  to.exec(`
    PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
    PRAGMA cache_size = -65536; BEGIN`);
  const { user_version } = from.prepare("PRAGMA user_version").get()!;
  const tables = from.prepare(TABLES).all();
  for (const { sql } of tables) to.exec(String(sql));
  for (const { name } of tables) copyRows(from, to, String(name));
  copyNumbering(from, to);
  for (const { sql } of from.prepare(OTHER_ITEMS).all()) to.exec(String(sql));
  to.exec(`PRAGMA user_version = ${user_version}; COMMIT`);
}

// What SQLite creates by itself has a reserved name, or no SQL.
const TABLES = `
  SELECT name, sql FROM sqlite_schema
  WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY rowid`;
const OTHER_ITEMS = `
  SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid`;

function copyRows(from: DatabaseSync, to: DatabaseSync, table: string): void {
  const columns = from.prepare("SELECT name, type FROM pragma_table_info(?)").all(table);
  // Texts are copied as bytes: node:sqlite would read them only up to their first NUL.
  const selected = columns.map(({ name, type }) =>
    type === "TEXT" ? `CAST(${quoteName(name)} AS BLOB)` : quoteName(name)
  );
  const parameters = columns.map(({ type }) => type === "TEXT" ? "CAST(? AS TEXT)" : "?");
  const rows = from.prepare(`SELECT ${selected} FROM ${quoteName(table)}`);
  rows.setReadBigInts(true);
  const insert = to.prepare(`INSERT INTO ${quoteName(table)} VALUES (${parameters})`);
  let left = Number(from.prepare(`SELECT count(*) AS n FROM ${quoteName(table)}`).get()!["n"]);
  // Deno 2.4 frees a statement that nothing but its iterator refers to, and crashes.
  const references = new Set([rows]);
  for (const row of rows.iterate()) {
    insert.run(...Object.values(row));
    left--;
  }
  references.clear();
  // At a row that cannot be read, Deno ends the iteration as if there were no more.
  if (left !== 0) throw new StoreUnavailable(`Cannot back up table ${table}: it is corrupt`);
}

/** Copies AUTOINCREMENT's counters: new ids follow the highest ever used, not the highest left. */
function copyNumbering(from: DatabaseSync, to: DatabaseSync): void {
  const table = "sqlite_sequence";
  const found = from.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table);
  if (found === undefined) return;
  to.exec(`DELETE FROM ${table}`);
  copyRows(from, to, table);
}

function quoteName(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}
