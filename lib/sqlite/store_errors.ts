import { StoreUnavailable } from "../errors.ts";

/** Primary result codes (sqlite.org/rescode.html). */
export const BUSY = 5;
export const NOT_A_DATABASE = 26;

/** Faults of the file or the machine: the code, how SQLite's message begins, and our reason. */
const FAULTS: readonly (readonly [code: number, message: string, reason: string])[] = [
  [BUSY, "database is locked", "another process holds it"],
  [6, "database table is locked", "another connection holds it"],
  [7, "out of memory", "out of memory"],
  [
    8,
    "attempt to write a readonly database",
    "it may only be read. Check its file system, and mode and owner of it and its folder",
  ],
  [10, "disk I/O error", "input/output error. Check the disk, and the system's log"],
  [
    11,
    "database disk image is malformed",
    "the file is corrupt",
  ],
  [13, "database or disk is full", "the disk is full"],
  [
    14,
    "unable to open database file",
    "it cannot be opened. Check its path, mode and owner, and those of its folder",
  ],
  [NOT_A_DATABASE, "file is not a database", "it is not an SQLite database"],
];

export function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

/** The primary result code if the file or the machine is at fault; otherwise undefined. */
export function faultCode(error: unknown): number | undefined {
  return findFault(error)?.[0];
}

/**
 * Translates an error of SQLite into the error that a store throws: StoreUnavailable if the file or
 * the machine is at fault. Returns other errors unchanged.
 */
export function toStoreError(error: unknown, problem = "Cannot use the database"): unknown {
  const fault = findFault(error);
  return fault === undefined
    ? error
    : new StoreUnavailable(`${problem}: ${fault[2]}`, { cause: error });
}

function findFault(error: unknown) {
  if (!isSqliteError(error)) return undefined;
  // Deno sets the code (`errcode`) only for some calls, and 2.4 for fewer than 2.9.
  if ("errcode" in error) {
    const primaryCode = Number(error.errcode) & 0xff;
    return FAULTS.find(([code]) => code === primaryCode);
  }
  return FAULTS.find(([, message]) => error.message.startsWith(message));
}
