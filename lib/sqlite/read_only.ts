import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { StoreUnavailable } from "../errors.ts";
import { isDiskFull } from "./full_disk.ts";
import { faultCode, isSqliteError } from "./store_errors.ts";
import { MIGRATIONS } from "./migrations.ts";

/** Code of SQLite for, among others, a disk without room for what it shares between processes. */
const IO_ERROR = 10;

/** Codes of SQLite for a file, or a folder beside it, that cannot be written (and 2.4 gives none). */
const CODES: readonly (number | undefined)[] = [8, 14, undefined];

/** Tells from an error of opening whether a file that exists may only be read. */
export function isReadOnly(path: string, error: unknown): boolean {
  if (!isSqliteError(error) || !existsSync(path) || !statSync(path).isFile()) return false;
  const code = faultCode(error);
  return CODES.includes(code) || (code === IO_ERROR && isDiskFull(path));
}

/**
 * Opens a file for reading where nothing can be written, not even what SQLite needs to share it.
 *
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when its log holds changes, or the schema is another.
 */
export function openReadOnly(path: string): DatabaseSync {
  const log = `${path}-wal`;
  if (existsSync(log) && statSync(log).size > 0) {
    throw new StoreUnavailable(
      `Cannot read database ${path}: it is read-only here, and ${log} holds changes that can only ` +
        "be read where they can be written. End the programs that use it, or copy it: archive backup",
    );
  }
  const db = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version === MIGRATIONS.length) return db;
  db.close();
  throw new StoreUnavailable(
    `Cannot read database ${path}: it has version ${version}, this program's is ` +
      `${MIGRATIONS.length}, and it is read-only here`,
  );
}
