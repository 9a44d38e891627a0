import { Buffer } from "node:buffer";
import { BSON, type Document, Double, Int32, Long } from "mongodb";
import type { Fields, Value } from "../tahoe/value.ts";

/**
 * The document as the driver takes it, numbers typed as pymongo types them: a whole number as int32
 * if it fits, else int64; a floating-point number always as double. Throws RangeError for what BSON
 * cannot hold exactly: integers beyond 64 bits, lone surrogates, NUL in a key.
 */
export function toBson(fields: Fields): Document {
  return new Map(Object.entries(fields).map(([key, value]) => [keyText(key), toBsonValue(value)]));
}

/** What {@link toBson} makes of a single value. */
export function toBsonValue(value: Value): unknown {
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "number") return new Double(value);
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(toBsonValue);
  // A Map, because the driver takes an object that has a key `_bsontype` for one of its own types.
  return toBson(value);
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function integer(value: bigint): Int32 | Long {
  if (BigInt.asIntN(32, value) === value) return new Int32(Number(value));
  if (BigInt.asIntN(64, value) === value) return Long.fromBigInt(value);
  throw new RangeError("Cannot store an integer that needs more than 64 bits in MongoDB");
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  throw new RangeError("Cannot store text with a lone surrogate in MongoDB");
}

function keyText(key: string): string {
  if (!key.includes("\0")) return wellFormed(key);
  throw new RangeError("Cannot store a key with a NUL character in MongoDB");
}

/**
 * Reads a document's bytes, as queries with the option `raw` give them; numbers are told apart by
 * their type. Types that JSON lacks become what MongoDB's canonical Extended JSON makes of them, such
 * as `{$oid: "…"}` for an ObjectId.
 */
export function fromBson(raw: Uint8Array | Document): Record<string, Value> {
  const bytes = raw as Uint8Array;
  return readFields(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
}

// The driver's own reading would make a DBRef of {$ref: "a.b", $id: …} and lose which part was which.
function readFields(bytes: Buffer, start: number): Record<string, Value> {
  const fields: Record<string, Value> = {};
  for (const element of BSON.onDemand.parseToElements(bytes, start)) {
    const [, nameStart, nameLength] = element;
    const name = bytes.toString("utf8", nameStart, nameStart + nameLength);
    const value = readValue(bytes, element);
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

type Element = ReturnType<typeof BSON.onDemand.parseToElements> extends Iterable<infer E> ? E
  : never;

function readValue(bytes: Buffer, [type, , , offset, length]: Element): Value {
  switch (type) {
    case BSON.BSONType.double:
      return bytes.readDoubleLE(offset);
    case BSON.BSONType.string:
      return bytes.toString("utf8", offset + 4, offset + length - 1);
    case BSON.BSONType.object:
      return readFields(bytes, offset);
    case BSON.BSONType.array:
      return [...BSON.onDemand.parseToElements(bytes, offset)].map((item) =>
        readValue(bytes, item)
      );
    case BSON.BSONType.bool:
      return bytes[offset] === 1;
    case BSON.BSONType.null:
      return null;
    case BSON.BSONType.int:
      return BigInt(bytes.readInt32LE(offset));
    case BSON.BSONType.long:
      return bytes.readBigInt64LE(offset);
    default:
      return extendedJson(type, bytes.subarray(offset, offset + length));
  }
}

function extendedJson(type: number, content: Uint8Array): Value {
  const document = Buffer.alloc(4 + 1 + 1 + content.length + 1);
  document.writeInt32LE(document.length, 0);
  document[4] = type;
  document.set(content, 6);
  const value = BSON.deserialize(document, { promoteValues: false });
  return BSON.EJSON.serialize(value, { relaxed: false })[""];
}
