import { Buffer } from "node:buffer";
import type { Value } from "./value.ts";

/**
 * The most bytes of a stored document, on any store: MongoDB's 16 MiB, less what its write command
 * adds.
 */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024 - 1024;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Bytes that a value takes in BSON (bsonspec.org, version 1.1), without the type and name in front
 * of it.
 *
 * @throws {RangeError} when BSON cannot hold the value exactly: a whole number of more than 64 bits,
 * a string with a lone surrogate, a name with NUL.
 */
export function bsonSize(value: Value): number {
  switch (typeof value) {
    case "string":
      return 4 + utf8Length(value) + 1;
    case "number":
      return 8;
    case "bigint":
      if (value < MIN_INT64 || value > MAX_INT64) {
        throw new RangeError("Cannot store a whole number of more than 64 bits in BSON");
      }
      return value === BigInt.asIntN(32, value) ? 4 : 8;
    case "boolean":
      return 1;
    default:
      return value === null ? 0 : documentSize(value);
  }
}

/**
 * Bytes that a field's type and name take in BSON, in front of its value.
 *
 * @throws {RangeError} when BSON cannot hold the name.
 */
export function bsonNameSize(name: string): number {
  if (name.includes("\0")) throw new RangeError("Cannot store a name with NUL in BSON");
  return 1 + utf8Length(name) + 1;
}

function documentSize(members: Exclude<Value, null | boolean | bigint | number | string>): number {
  if (isList(members)) return listSize(members);
  let size = 4 + 1;
  for (const [name, member] of Object.entries(members)) {
    size += bsonNameSize(name) + bsonSize(member);
  }
  return size;
}

/** Does what Array.isArray does, which does not narrow readonly arrays. */
function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** The size of a document whose names are the indices: Raws have lists of 100,000 hashes. */
function listSize(items: readonly Value[]): number {
  let size = 4 + 1;
  for (const [index, item] of items.entries()) size += 1 + digits(index) + 1 + bsonSize(item);
  return size;
}

function digits(index: number): number {
  return index < 10 ? 1 : Math.floor(Math.log10(index)) + 1;
}

function utf8Length(string: string): number {
  if (!string.isWellFormed()) {
    throw new RangeError("Cannot store a string with a lone surrogate in BSON");
  }
  return Buffer.byteLength(string);
}
