import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, errorMessage, StoreMissing, StoreUnavailable } from "../errors.ts";
import type { OnCopied } from "./compaction.ts";
import { isDiskFull } from "./full_disk.ts";
import { isReadOnly, openReadOnly } from "./read_only.ts";
import { migrate } from "./migrations.ts";
import { Sqlite } from "./sqlite.ts";
import { faultCode, NOT_A_DATABASE, toStoreError } from "./store_errors.ts";

export type OpenSqliteOptions = {
  /** Whether to create the file, and its folder, if it does not exist. */
  readonly create?: boolean;
  /** Whether to map the file into memory, which then counts as memory of this process. */
  readonly mapped?: boolean;
  /** Bytes of pages that are kept in memory; 64 MiB by default. */
  readonly cacheBytes?: number;
  /** Called time and again while the file of an earlier version is migrated. */
  readonly onCopied?: OnCopied;
};

/**
 * Opens a database file, or with `":memory:"` a database that ends with the process. Open a file
 * once in a process and share it: the stores of several collections are in one file.
 *
 * Creates what is missing: the folder and the file, both for their owner only, and the schema. With
 * `create: false` the file must exist: a misspelt path must not make a database.
 *
 * @throws {StoreMissing} STORE_UNAVAILABLE when the file must exist and does not.
 * @throws {ConfigError} CONFIG when the file is not an SQLite database or a newer program wrote it.
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when the file cannot be opened.
 */
export function openSqlite(
  path: string,
  { create = true, mapped = true, cacheBytes = CACHE_BYTES, onCopied = () => {} }:
    OpenSqliteOptions = {},
): Sqlite {
  const file = path === ":memory:" ? undefined : resolve(path);
  let db: DatabaseSync | undefined;
  try {
    if (file !== undefined) checkPath(file, create);
    if (file !== undefined && create) createFile(file);
    db = new DatabaseSync(file ?? path);
    db.exec(SETTINGS);
    limitLog(db);
    // A negative number of pages is one of KiB.
    db.exec(`PRAGMA cache_size = ${-Math.ceil(cacheBytes / 1024)}`);
    if (mapped) db.exec("PRAGMA mmap_size = 2147418112");
    migrate(db, path, { onCopied });
    // From now on Sqlite waits for other processes, without blocking this one.
    db.exec("PRAGMA busy_timeout = 20");
    return new Sqlite(db, file);
  } catch (error) {
    db?.close();
    if (faultCode(error) === NOT_A_DATABASE) {
      throw new ConfigError([`Cannot open database ${path}: it is not an SQLite database`], {
        cause: error,
      });
    }
    if (file !== undefined && isReadOnly(file, error)) {
      if (create) throw new StoreUnavailable(explainReadOnly(file), { cause: error });
      return new Sqlite(openReadOnly(file), file, { readOnly: true });
    }
    throw toStoreError(error, `Cannot open database ${path}`);
  }
}

function explainReadOnly(path: string): string {
  if (isDiskFull(path)) {
    return `Cannot write database ${path}: the disk is full. Make room on it. Commands that only ` +
      "read work";
  }
  return `Cannot write database ${path}: its file system is read-only, or mode or owner of the ` +
    "file or its folder forbids it. Commands that only read work";
}

function checkPath(path: string, create: boolean): void {
  let isFolder: boolean;
  try {
    isFolder = Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) {
      const reason = errorMessage(error);
      throw new StoreUnavailable(`Cannot open database ${path}: ${reason}`, { cause: error });
    }
    // Whatever else is wrong with the path, SQLite says.
    if (create || !(error instanceof Deno.errors.NotFound)) return;
    throw new StoreMissing(
      `Cannot open database ${path}: there is no such file. Check mongo_url (archive config show); ` +
        "archive run, submit and import, and report users add, create the file",
    );
  }
  if (!isFolder) return;
  throw new StoreUnavailable(
    `Cannot open database ${path}: it is a folder. mongo_url names a file, such as ` +
      `sqlite:${join(path, "cybexp.db")}`,
  );
}

// SQLite gives the -wal and -shm files the permissions of the database.
function createFile(path: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Only a new file is opened: closing a file releases all locks that this process has on it,
    // including those of an earlier connection. Another process could then delete the log to which
    // that connection writes.
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    const reason = errorMessage(error);
    throw new StoreUnavailable(`Cannot open database ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Bytes of a page in a new file. Half of the links and hashes that an upload brings lie all over their
 * indices, one to a page: at a million lines of Cowrie's log, 50,000 more write 413 MB with small pages
 * and the log of {@link LOG_BYTES}, and 1,500 with pages of 4096 bytes and a log of 64 MiB.
 */
export const PAGE_SIZE = 1024;

/** Bytes that the log may have before its pages are written into the file itself, each only once. */
const LOG_BYTES = 268_435_456;

/** Limits the log to the same size, whatever the pages of the file. */
function limitLog(db: DatabaseSync): void {
  const { page_size: pageSize } = db.prepare("PRAGMA page_size").get()!;
  db.exec(`PRAGMA wal_autocheckpoint = ${LOG_BYTES / Number(pageSize)}`);
}

/**
 * Bytes of pages that are kept in memory: writing is many times faster if the inner pages of the
 * indices are among them.
 */
const CACHE_BYTES = 64 * 1024 ** 2;

// The size of pages is fixed once there is one. With synchronous = NORMAL a power failure could undo a
// commit that was acknowledged. Reading documents by hash, all over the file, takes a quarter less time
// if the file is mapped into memory (SQLite maps 2 GiB at most); storing them takes no longer if it is
// not.
const SETTINGS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA page_size = ${PAGE_SIZE};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA trusted_schema = OFF;
  PRAGMA foreign_keys = ON;`;
