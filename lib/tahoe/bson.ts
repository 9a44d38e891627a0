import { Buffer } from "node:buffer";
import type { Value } from "./value.ts";

/**
 * No stored document is larger, whatever the store: MongoDB's 16 MiB, less what its write command
 * adds. In bytes.
 */
export const MAX_DOCUMENT = 16 * 1024 * 1024 - 1024;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The bytes a value takes in BSON (bsonspec.org, version 1.1), without the type and name that
 * stand before it.
 *
 * Throws RangeError if BSON cannot hold the value exactly: whole numbers beyond 64 bits, texts with
 * lone surrogates, names with NUL.
 */
export function bsonSize(value: Value): number {
  switch (typeof value) {
    case "string":
      return 4 + utf8Length(value) + 1;
    case "number":
      return 8;
    case "bigint":
      if (value < MIN_INT64 || value > MAX_INT64) {
        throw new RangeError("Cannot hold a whole number of more than 64 bits in BSON");
      }
      return value === BigInt.asIntN(32, value) ? 4 : 8;
    case "boolean":
      return 1;
    default:
      return value === null ? 0 : documentSize(value);
  }
}

function documentSize(members: Exclude<Value, null | boolean | bigint | number | string>): number {
  let size = 4 + 1;
  for (const [name, member] of Object.entries(members)) {
    if (name.includes("\0")) throw new RangeError("Cannot hold a name with NUL in BSON");
    size += 1 + utf8Length(name) + 1 + bsonSize(member);
  }
  return size;
}

function utf8Length(text: string): number {
  if (!text.isWellFormed()) {
    throw new RangeError("Cannot hold a text with a lone surrogate in BSON");
  }
  return Buffer.byteLength(text);
}
