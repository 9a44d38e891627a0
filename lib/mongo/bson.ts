import { Buffer } from "node:buffer";
import { BSON, type Document, Double, Int32, Long } from "mongodb";
import { TOO_LARGE } from "../tahoe/fault.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { type BsonElement, elementsOf } from "./bson_elements.ts";

/**
 * Converts a document for the driver, with the types that pymongo gives to numbers: an integer is
 * int32 if it fits, otherwise int64; a floating-point number is always double.
 *
 * @throws {RangeError} when BSON cannot hold the document exactly: it has an integer beyond 64
 * bits, a lone surrogate, or NUL in a key.
 */
export function toBson(fields: Fields): Document {
  return new Map(
    Object.entries(fields).map(([key, value]) => [checkFieldName(key), toBsonValue(value)]),
  );
}

/** Converts one value as {@link toBson} does. */
export function toBsonValue(value: Value): unknown {
  if (typeof value === "bigint") return toBsonInteger(value);
  if (typeof value === "number") return new Double(value);
  if (typeof value === "string") return checkWellFormed(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(toBsonValue);
  // toBson makes a Map: the driver mistakes an object with a key `_bsontype` for one of its types.
  return toBson(value);
}

/** Does what Array.isArray does, which does not narrow readonly arrays. */
function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function toBsonInteger(value: bigint): Int32 | Long {
  if (BigInt.asIntN(32, value) === value) return new Int32(Number(value));
  if (BigInt.asIntN(64, value) === value) return Long.fromBigInt(value);
  throw new RangeError("Cannot store an integer that needs more than 64 bits in MongoDB");
}

function checkWellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  throw new RangeError("Cannot store text with a lone surrogate in MongoDB");
}

function checkFieldName(key: string): string {
  if (!key.includes("\0")) return checkWellFormed(key);
  throw new RangeError("Cannot store a key with a NUL character in MongoDB");
}

/**
 * Reads a document from its bytes, which queries with the option `raw` return. The BSON type of a
 * number decides between bigint and number. Types that JSON lacks become MongoDB's canonical
 * Extended JSON, such as `{$oid: "…"}` for an ObjectId. Of several fields of one name the first is
 * read: it is the one that the server's queries and updates find. Objects and lists in its fields
 * that have more than `most` fields or members, at any depth, become {@link TOO_LARGE}.
 */
export function fromBson(raw: Uint8Array | Document, most = Infinity): Record<string, Value> {
  const bytes = raw as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return readFields(
    buffer,
    0,
    (element) =>
      most < Infinity && countFields(buffer, element, most) > most
        ? TOO_LARGE
        : readValue(buffer, element),
  );
}

/** Reads the first field of a name, and no others. */
export function readField(raw: Uint8Array | Document, field: string): Value | undefined {
  const bytes = raw as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const element of elementsOf(buffer, 0)) {
    const name = buffer.toString("utf8", element.name, element.nameEnd);
    if (name === field) return readValue(buffer, element);
  }
  return undefined;
}

/** Whether a document has more fields and members of lists than `most`, at any depth. */
export function hasMoreFields(raw: Uint8Array | Document, most: number): boolean {
  const bytes = raw as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return countFields(buffer, { type: BSON.BSONType.object, offset: 0 }, most) > most;
}

/** Counts what is inside an element, until there is more than `most`. */
function countFields(
  bytes: Buffer,
  { type, offset }: Pick<BsonElement, "type" | "offset">,
  most: number,
): number {
  let count = 0;
  if (type !== BSON.BSONType.object && type !== BSON.BSONType.array) return count;
  for (const inner of elementsOf(bytes, offset)) {
    count += 1 + countFields(bytes, inner, most - count);
    if (count > most) break;
  }
  return count;
}

/**
 * Reads a document as {@link fromBson} does, apart from a field with binary data: its bytes, without
 * a copy; undefined if the field has another type.
 */
export function splitBinary(
  raw: Uint8Array | Document,
  field: string,
): { readonly data: Uint8Array | undefined; readonly rest: Record<string, Value> } {
  const bytes = raw as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let data: Uint8Array | undefined;
  const rest: Record<string, Value> = {};
  const names = new Set<string>();
  for (const element of elementsOf(buffer, 0)) {
    const name = buffer.toString("utf8", element.name, element.nameEnd);
    if (names.has(name)) continue;
    names.add(name);
    if (name !== field) rest[name] = readValue(buffer, element);
    else if (element.type === BSON.BSONType.binData) data = readBinary(buffer, element.offset);
  }
  return { data, rest };
}

/** Bytes of binary data: behind their length and a byte for their kind; undefined if damaged. */
function readBinary(bytes: Buffer, offset: number): Uint8Array | undefined {
  const end = offset + 5 + bytes.readInt32LE(offset);
  const start = offset + 5;
  if (bytes[offset + 4] !== BSON.Binary.SUBTYPE_BYTE_ARRAY) return bytes.subarray(start, end);
  // The old kind repeats the length of what follows.
  const isSound = end - start >= 4 && bytes.readInt32LE(start) === end - start - 4;
  return isSound ? bytes.subarray(start + 4, end) : undefined;
}

// The driver's own parser would make a DBRef of {$ref: "a.b", $id: …} and lose how "a.b" is split.
function readFields(
  bytes: Buffer,
  start: number,
  read: (element: BsonElement) => Value,
): Record<string, Value> {
  const fields: Record<string, Value> = {};
  for (const element of elementsOf(bytes, start)) {
    const name = bytes.toString("utf8", element.name, element.nameEnd);
    if (Object.hasOwn(fields, name)) continue;
    const value = read(element);
    if (name === "__proto__") {
      Object.defineProperty(fields, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

/** Finds a name that several fields of a document, or of an object inside it, have. */
export function findRepeatedName(raw: Uint8Array | Document): string | undefined {
  const bytes = raw as Uint8Array;
  return findRepeated(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
}

function findRepeated(bytes: Buffer, start: number): string | undefined {
  const names = new Set<string>();
  for (const { type, offset, ...element } of elementsOf(bytes, start)) {
    const name = bytes.toString("latin1", element.name, element.nameEnd);
    if (names.has(name)) return name;
    names.add(name);
    const inner = type === BSON.BSONType.object ? findRepeated(bytes, offset) : undefined;
    if (inner !== undefined) return `${name}.${inner}`;
  }
  return undefined;
}

function readValue(bytes: Buffer, { type, offset, length }: BsonElement): Value {
  switch (type) {
    case BSON.BSONType.double:
      return bytes.readDoubleLE(offset);
    case BSON.BSONType.string:
      return bytes.toString("utf8", offset + 4, offset + length - 1);
    case BSON.BSONType.object:
      return readFields(bytes, offset, (inner) => readValue(bytes, inner));
    case BSON.BSONType.array:
      return Array.from(elementsOf(bytes, offset), (item) => readValue(bytes, item));
    case BSON.BSONType.bool:
      return bytes[offset] === 1;
    case BSON.BSONType.null:
      return null;
    case BSON.BSONType.int:
      return BigInt(bytes.readInt32LE(offset));
    case BSON.BSONType.long:
      return bytes.readBigInt64LE(offset);
    default:
      return readAsExtendedJson(type, bytes.subarray(offset, offset + length));
  }
}

/**
 * Reads a value of a type that JSON lacks. What the driver cannot read becomes `{$unreadable: TYPE}`:
 * the server stores regular expressions that are none, and binary data of a wrong length.
 */
function readAsExtendedJson(type: number, content: Uint8Array): Value {
  if (type === BSON.BSONType.undefined) return { $undefined: true };
  try {
    const value = readAlone(type, content);
    return BSON.EJSON.serialize({ "": value }, { relaxed: false })[""];
  } catch {
    return { $unreadable: BigInt(type) };
  }
}

/** Reads a value as the driver writes it back, by way of a document with this value alone. */
function readAlone(type: number, content: Uint8Array): unknown {
  const options = { promoteValues: false, bsonRegExp: true, validation: { utf8: false } };
  return BSON.deserialize(toAlone(type, content), options)[""];
}

/** The bytes of a document that has one value under an empty name. */
function toAlone(type: number, content: Uint8Array): Buffer {
  const document = Buffer.alloc(4 + 1 + 1 + content.length + 1);
  document.writeInt32LE(document.length, 0);
  document[4] = type;
  document.set(content, 6);
  return document;
}

/**
 * The `_id` of a document, given by its bytes, for filters. Undefined if the driver would write it
 * back as something else.
 */
export function readId(raw: Uint8Array | Document): unknown {
  const bytes = raw as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { type, offset, length, ...element } of elementsOf(buffer, 0)) {
    if (buffer.toString("latin1", element.name, element.nameEnd) !== "_id") continue;
    const content = buffer.subarray(offset, offset + length);
    try {
      const _id = readAlone(type, content);
      return toAlone(type, content).equals(BSON.serialize({ "": _id })) ? _id : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
