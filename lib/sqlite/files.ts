import { Rejected } from "../errors.ts";
import type { Prepare } from "./sqlite.ts";

/** The size of an entry's file in bytes, or why it is not to be read. */
export function sizeOf(
  prepare: Prepare,
  lake: number,
  id: string,
  maxBytes: number,
): number | Rejected {
  // SQLite finds the length of a BLOB without reading it.
  const row = prepare(
    `SELECT entries.size, length(files.bytes) AS there
     FROM entries LEFT JOIN files ON files.entry = entries.id
     WHERE entries.id = ? AND entries.collection = ?`,
  ).get(Number(id), lake);
  if (row === undefined || row["there"] === null) {
    return new Rejected("FILE_MISSING", `The file of entry ${id} is missing`);
  }
  const [size, there] = [Number(row["size"]), Number(row["there"])];
  if (size !== there) {
    return new Rejected(
      "FILE_CORRUPT",
      `The file of entry ${id} has ${there} bytes, it was submitted with ${size}`,
    );
  }
  if (size > maxBytes) {
    return new Rejected("TOO_LARGE", `${size} bytes are over the limit of ${maxBytes}`);
  }
  return size;
}

export function readEnvelope(prepare: Prepare, id: string): Uint8Array | Rejected {
  const bytes = prepare("SELECT bytes FROM files WHERE entry = ?").get(Number(id))?.["bytes"];
  return bytes instanceof Uint8Array
    ? bytes
    : new Rejected("FILE_MISSING", `The file of entry ${id} is missing`);
}
