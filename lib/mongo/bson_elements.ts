import type { Buffer } from "node:buffer";
import { BSON } from "mongodb";

/** Where a field of a document, or a member of a list, is in the bytes of BSON. */
export type BsonElement = {
  readonly type: number;
  /** Its name is from `name` up to before the NUL at `nameEnd`. */
  readonly name: number;
  readonly nameEnd: number;
  /** Its content begins at `offset` and has so many bytes. */
  readonly offset: number;
  readonly length: number;
};

/** Bytes of the content of types that always have as many. */
const FIXED: { readonly [type: number]: number } = {
  [BSON.BSONType.double]: 8,
  [BSON.BSONType.undefined]: 0,
  [BSON.BSONType.objectId]: 12,
  [BSON.BSONType.bool]: 1,
  [BSON.BSONType.date]: 8,
  [BSON.BSONType.null]: 0,
  [BSON.BSONType.int]: 4,
  [BSON.BSONType.timestamp]: 8,
  [BSON.BSONType.long]: 8,
  [BSON.BSONType.decimal]: 16,
  [BSON.BSONType.minKey & 0xff]: 0,
  [BSON.BSONType.maxKey]: 0,
};

/** Bytes beside the number that the length of other types gives. */
const BESIDE_LENGTH: { readonly [type: number]: number } = {
  [BSON.BSONType.string]: 4,
  [BSON.BSONType.object]: 0,
  [BSON.BSONType.array]: 0,
  [BSON.BSONType.binData]: 5,
  [BSON.BSONType.dbPointer]: 16,
  [BSON.BSONType.javascript]: 4,
  [BSON.BSONType.symbol]: 4,
  [BSON.BSONType.javascriptWithScope]: 0,
};

/**
 * Walks over the elements of a document that begins at `start`, one by one: whoever stops early has
 * not paid for the others, of which a document may have millions.
 *
 * @throws {RangeError} when the bytes are not BSON.
 */
export function* elementsOf(bytes: Buffer, start: number): Generator<BsonElement> {
  const end = start + bytes.readInt32LE(start) - 1;
  let at = start + 4;
  while (at < end) {
    const type = bytes[at]!;
    const name = at + 1;
    const nameEnd = endOfText(bytes, name);
    const offset = nameEnd + 1;
    const length = contentLength(bytes, type, offset);
    at = offset + length;
    if (at > end) break;
    yield { type, name, nameEnd, offset, length };
  }
  if (at !== end || bytes[end] !== 0) {
    throw new RangeError("Cannot read a document: it is not BSON");
  }
}

function contentLength(bytes: Buffer, type: number, offset: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === BSON.BSONType.regex) {
    return endOfText(bytes, endOfText(bytes, offset) + 1) + 1 - offset;
  }
  const length = bytes.readInt32LE(offset) + (BESIDE_LENGTH[type] ?? NaN);
  if (length >= 0) return length;
  throw new RangeError("Cannot read a document: it is not BSON");
}

function endOfText(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  return end < 0 ? bytes.length : end;
}
