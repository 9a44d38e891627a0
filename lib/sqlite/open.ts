import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, errorMessage, StoreUnavailable } from "../errors.ts";
import { migrate } from "./migrations.ts";
import { Sqlite } from "./sqlite.ts";
import { faultCode, NOT_A_DATABASE, unavailable } from "./unavailable.ts";

/**
 * Opens the database file, `":memory:"` for one that ends with the process. Open a file once in a
 * process and share it: stores of several collections live in one file.
 *
 * Creates what is missing: the folder for its owner only, likewise the file, and the schema. Throws
 * ConfigError if the file is no SQLite database or a newer program's, StoreUnavailable if it cannot
 * be opened.
 */
export function openSqlite(path: string): Sqlite {
  const file = path === ":memory:" ? undefined : resolve(path);
  let db: DatabaseSync | undefined;
  try {
    if (file !== undefined) createFile(file);
    db = new DatabaseSync(file ?? path);
    db.exec(SETTINGS);
    migrate(db, path);
    // From here on waiting for other processes must not hold up this one: see Sqlite.
    db.exec("PRAGMA busy_timeout = 20");
    return new Sqlite(db, file);
  } catch (error) {
    db?.close();
    if (faultCode(error) === NOT_A_DATABASE) {
      throw new ConfigError([`Cannot open database ${path}: it is not an SQLite database`], {
        cause: error,
      });
    }
    throw unavailable(error, `Cannot open database ${path}`);
  }
}

// SQLite gives the -wal and -shm files the permissions of the database.
function createFile(path: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Only if it is not there: to close a file takes from a process all locks it has on it, those of
    // a connection it opened before, too. Others would then delete the log that one writes.
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    const why = errorMessage(error);
    throw new StoreUnavailable(`Cannot open database ${path}: ${why}`, { cause: error });
  }
}

// With synchronous = NORMAL a power failure could undo a commit that was acknowledged. Reading
// documents by hash, all over the file, takes a quarter less time where it is mapped into memory
// (SQLite maps 2 GiB at most); writing them is many times faster where the inner pages of the
// indices (64 MiB) are at hand.
const SETTINGS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA trusted_schema = OFF;
  PRAGMA foreign_keys = ON;
  PRAGMA mmap_size = 2147418112;
  PRAGMA cache_size = -65536;`;
