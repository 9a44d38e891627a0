import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { parseJson, writeJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { UnreadableDocument } from "./unreadable_document.ts";

/** What is stored of a document, beside its hash and organisation. */
export type DocumentContent = {
  /** The skeleton, if the document does not share one with others. */
  readonly skeleton?: string;
  /** Ids of the instances that it refers to. */
  readonly references: readonly number[];
  readonly literals: readonly Value[];
};

/** Bits of the first byte. */
const COMPRESSED = 1;
const HAS_SKELETON = 2;
const NOT_JSON = 4;

/** Bytes from which on compression is tried. */
const LARGE = 512;

/** Higher levels take several times as long, for a tenth less on logs. */
const LEVEL = 3;

/** Used for one document after the other: each is written in one go. */
const WRITER = new ByteWriter();

export function toBytes({ skeleton, references, literals }: DocumentContent): Uint8Array {
  WRITER.clear();
  WRITER.varint(skeleton === undefined ? 0 : HAS_SKELETON);
  if (skeleton !== undefined) WRITER.ascii(skeleton);
  WRITER.varint(references.length);
  for (const id of references) WRITER.varint(id);
  for (const literal of literals) writeLiteral(WRITER, literal);
  const bytes = WRITER.copy();
  return bytes.length < LARGE ? bytes : compress(bytes);
}

/** A floating-point number as 8 bytes behind a zero; any other value as JSON behind its length. */
function writeLiteral(writer: ByteWriter, literal: Value): void {
  if (typeof literal !== "number") return writer.ascii(writeJson(literal));
  writer.varint(0);
  writer.double(literal);
}

function compress(bytes: Uint8Array): Uint8Array {
  const body = deflateRawSync(bytes.subarray(1), { level: LEVEL });
  if (body.length >= bytes.length) return bytes;
  return Buffer.concat([Uint8Array.of(bytes[0]! | COMPRESSED), body]);
}

/** Keeps what a file of an earlier version has in place of JSON: it cannot be read, but is not lost. */
export function keepBytes(text: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(NOT_JSON), text]);
}

/**
 * The inverse of {@link toBytes}. Bytes that were damaged make it throw any error.
 *
 * @throws {UnreadableDocument} when the bytes are cut short, or what {@link keepBytes} returned.
 */
export function fromBytes(bytes: Uint8Array): DocumentContent {
  const flags = bytes[0];
  if (flags === undefined) throw new UnreadableDocument("document is empty");
  if (flags === NOT_JSON) throw new UnreadableDocument("document is not JSON");
  if (flags > (COMPRESSED | HAS_SKELETON)) {
    throw new UnreadableDocument("document is of no known form");
  }
  const body = bytes.subarray(1);
  const reader = new ByteReader(flags & COMPRESSED ? inflateRawSync(body) : body);
  const skeleton = flags & HAS_SKELETON ? reader.ascii() : undefined;
  const references = Array.from({ length: reader.varint() }, () => reader.varint());
  const literals: Value[] = [];
  while (!reader.atEnd) literals.push(readLiteral(reader));
  return { references, literals, ...(skeleton !== undefined && { skeleton }) };
}

function readLiteral(reader: ByteReader): Value {
  const json = reader.ascii();
  return json === "" ? reader.double() : parseJson(json);
}

/**
 * SQL: bytes of a document as far as a reader's memory is concerned. What was compressed may be a
 * thousand times as large, so it counts as much as a page may hold.
 */
export const READ_SIZE = `CASE WHEN hex(substr(document, 1, 1)) IN ('01', '03') THEN 8388608
    ELSE coalesce(octet_length(document), 0) END`;
