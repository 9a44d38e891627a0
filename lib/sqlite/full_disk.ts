import { errorMessage } from "../errors.ts";

/** Bytes that SQLite needs beside a file to share it between processes, twice over. */
const PROBE_BYTES = 64 * 1024;

/** Whether the disk of a file has no room: tries, because SQLite calls that an I/O error. */
export function isDiskFull(path: string): boolean {
  const probe = `${path}-room-${crypto.randomUUID()}`;
  try {
    Deno.writeFileSync(probe, new Uint8Array(PROBE_BYTES), { createNew: true, mode: 0o600 });
    return false;
  } catch (error) {
    return errorMessage(error) === "the disk is full";
  } finally {
    removeIfThere(probe);
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not made.
  }
}
