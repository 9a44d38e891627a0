import { Rejected } from "../errors.ts";
import type { OpenCollection } from "./collection.ts";
import { countColumn } from "./json_column.ts";
import type { Prepare } from "./sqlite.ts";

/** The size of an entry's file in bytes, or why the file must not be read. */
export function checkFileSize(
  { prepare, id: lake }: OpenCollection,
  id: string,
  maxBytes: number,
): number | Rejected {
  // SQLite finds the length of a BLOB without reading it.
  const row = prepare(
    `SELECT ${countColumn("entries.size")} AS size, length(files.bytes) AS stored
     FROM entries LEFT JOIN files ON files.entry = entries.id
     WHERE entries.id = ? AND entries.collection = ?`,
  ).get(Number(id), lake);
  if (row === undefined || row["stored"] === null) {
    return new Rejected("FILE_MISSING", `The file of entry ${id} is missing`);
  }
  if (row["size"] === null) {
    return new Rejected("FILE_CORRUPT", `The file of entry ${id} has no valid size`);
  }
  const [size, stored] = [Number(row["size"]), Number(row["stored"])];
  if (size !== stored) {
    return new Rejected(
      "FILE_CORRUPT",
      `The file of entry ${id} has ${stored} bytes but was submitted with ${size}`,
    );
  }
  if (size > maxBytes) {
    return new Rejected("TOO_LARGE", `The file has ${size} bytes, more than ${maxBytes}`);
  }
  return size;
}

/** The file of an entry, unless it has been removed. */
export function readEnvelope(prepare: Prepare, id: string): Uint8Array | Rejected {
  const bytes = prepare("SELECT bytes FROM files WHERE entry = ?").get(Number(id))?.["bytes"];
  return bytes instanceof Uint8Array
    ? bytes
    : new Rejected("FILE_MISSING", `The file of entry ${id} is missing`);
}
