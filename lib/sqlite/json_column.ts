import { Fault, TOO_LARGE } from "../tahoe/fault.ts";
import { parseJson, writeJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import type { Row } from "./sqlite.ts";

/** The largest number of an INTEGER column that is read: beyond it node:sqlite throws. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** The year 10000, in seconds since 1970: a lease that ends later is damaged. */
export const END_OF_TIME = 253_402_300_800;

/** Expression for an INTEGER column; null where it is anything but a count. */
export function countColumn(name: string): string {
  return `CASE WHEN typeof(${name}) = 'integer' AND ${name} BETWEEN 0 AND ${MAX_INTEGER - 1}
    THEN ${name} END`;
}

/** Expression for a column with JSON, to be used in JSON functions, which fail if it is not JSON. */
export function jsonColumn(name: string): string {
  return `CASE WHEN typeof(${name}) = 'text' AND json_error_position(${name}) = 0
    THEN ${name} END`;
}

/** Bytes of the largest JSON of an entry that is read: a sound one has some hundreds. */
const MAX_JSON_BYTES = 2 ** 16;

/** Expression for a column with JSON that gives TOO_LARGE as JSON in place of a large value. */
export function boundedColumn(name: string): string {
  return `CASE WHEN octet_length(${name}) > ${MAX_JSON_BYTES} THEN '${writeJson(TOO_LARGE)}'
    ELSE ${name} END`;
}

/** Bytes of the longest name of a worker that is read: host names have 253 at most. */
const MAX_OWNER_BYTES = 1024;

/** Expression for the owner of a lease; an empty text if it cannot be read. */
export const OWNER_COLUMN = `
  CASE WHEN typeof(owner) = 'text' AND octet_length(owner) <= ${MAX_OWNER_BYTES} THEN owner
    ELSE '' END`;

/** Reads a column with JSON, whatever it contains. */
export function readJsonColumn(row: Row, name: string): Value | Fault {
  const text = row[name];
  if (typeof text !== "string") return new Fault(`${name} is not text`);
  try {
    return parseJson(text);
  } catch {
    return new Fault(`${name} is not JSON`);
  }
}
