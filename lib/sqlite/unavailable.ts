import { StoreUnavailable } from "../errors.ts";

/** Primary result codes (sqlite.org/rescode.html). */
export const BUSY = 5;
export const NOT_A_DATABASE = 26;

/** SQLite's text for a result code, which its messages begin with, and ours. */
const faults: readonly (readonly [code: number, theirs: string, ours: string])[] = [
  [BUSY, "database is locked", "another process holds it"],
  [6, "database table is locked", "another connection holds it"],
  [7, "out of memory", "out of memory"],
  [8, "attempt to write a readonly database", "it is read-only"],
  [10, "disk I/O error", "input/output error"],
  [11, "database disk image is malformed", "the file is corrupt"],
  [13, "database or disk is full", "the disk is full"],
  [14, "unable to open database file", "it cannot be opened"],
  [NOT_A_DATABASE, "file is not a database", "it is not an SQLite database"],
];

export function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

/** The primary result code of what went wrong with the file or the machine, if that is it. */
export function faultCode(error: unknown): number | undefined {
  return faultOf(error)?.[0];
}

/** StoreUnavailable if the fault is the file's or the machine's; otherwise the error as it is. */
export function unavailable(error: unknown, what = "Cannot use the database"): unknown {
  const fault = faultOf(error);
  return fault === undefined
    ? error
    : new StoreUnavailable(`${what}: ${fault[2]}`, { cause: error });
}

function faultOf(error: unknown) {
  if (!isSqliteError(error)) return undefined;
  // Deno gives the code (`errcode`) with some calls only, 2.4 with fewer than 2.9.
  if ("errcode" in error) {
    const code = Number(error.errcode) & 0xff;
    return faults.find(([known]) => known === code);
  }
  return faults.find(([, theirs]) => error.message.startsWith(theirs));
}
