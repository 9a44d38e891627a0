import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import { ByteReader, ByteWriter } from "../packed/bytes.ts";
import { deflate, deflateBefore, LARGE } from "../packed/deflate.ts";
import { readLiterals } from "../packed/literals.ts";
import type { PackedDocument } from "../packed/packed_document.ts";
import { UnreadableDocument } from "../packed/unreadable_document.ts";
import type { Value } from "../tahoe/value.ts";

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
const TOO_LARGE = 8;

/** Used for one document after the other: each is written in one go. */
const WRITER = new ByteWriter();

/** What {@link toBytes} makes bytes of. */
export type DocumentParts = {
  /** The skeleton, if the document does not share one with others. */
  readonly skeleton?: string;
  /** Ids of the instances that it refers to. */
  readonly references: readonly number[];
} & Pick<PackedDocument, "literals" | "isCompressed">;

export function toBytes(
  { skeleton, references, literals, isCompressed }: DocumentParts,
): Uint8Array {
  WRITER.clear();
  if (skeleton !== undefined) WRITER.ascii(skeleton);
  WRITER.varint(references.length);
  for (const id of references) WRITER.varint(id);
  if (!isCompressed) WRITER.bytes(literals);
  const body = WRITER.copy();
  const flags = skeleton === undefined ? 0 : HAS_SKELETON;
  if (isCompressed) return withFlags(flags | COMPRESSED, deflateBefore(body, literals));
  const packed = body.length < LARGE ? body : deflate(body);
  return packed.length < body.length
    ? withFlags(flags | COMPRESSED, packed)
    : withFlags(flags, body);
}

function withFlags(flags: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = flags;
  bytes.set(body, 1);
  return bytes;
}

/** Keeps what a file of an earlier version has in place of JSON: it cannot be read, but is not lost. */
export function keepBytes(text: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(NOT_JSON), text]);
}

/** SQL: the document of a row; what {@link fromBytes} refuses if it has more bytes than that. */
export function boundedDocument(table: string, maxBytes: number): string {
  return `CASE WHEN octet_length(${table}.document) > ${maxBytes} THEN x'0${TOO_LARGE}'
    ELSE ${table}.document END`;
}

/** The error of a document that has more bytes than are read of one. */
export function tooLarge(): UnreadableDocument {
  return new UnreadableDocument("its document is too large");
}

/**
 * The inverse of {@link toBytes}. Bytes that were damaged make it throw any error. `checkSize` gets the
 * number of bytes, unpacked, before they are read.
 *
 * @throws {UnreadableDocument} when the bytes are cut short, or are what {@link keepBytes} returned, or
 * what {@link boundedDocument} gives in place of a large document.
 */
export function fromBytes(
  bytes: Uint8Array,
  checkSize?: (size: number) => void,
): DocumentContent {
  const flags = bytes[0];
  if (flags === undefined) throw new UnreadableDocument("document is empty");
  if (flags === TOO_LARGE) throw tooLarge();
  if (flags === NOT_JSON) throw new UnreadableDocument("document is not JSON");
  if (flags > (COMPRESSED | HAS_SKELETON)) {
    throw new UnreadableDocument("document is of no known form");
  }
  const packed = bytes.subarray(1);
  const body = flags & COMPRESSED ? inflateRawSync(packed) : packed;
  checkSize?.(body.length);
  const reader = new ByteReader(body);
  const skeleton = flags & HAS_SKELETON ? reader.ascii() : undefined;
  const references = Array.from({ length: reader.varint() }, () => reader.varint());
  return {
    references,
    literals: readLiterals(reader),
    ...(skeleton !== undefined && { skeleton }),
  };
}

/**
 * SQL: bytes of a document as far as a reader's memory is concerned. What was compressed may be a
 * thousand times as large, so it counts as much as a page may hold.
 */
export const READ_SIZE = `CASE WHEN hex(substr(document, 1, 1)) IN ('01', '03') THEN 8388608
    ELSE coalesce(octet_length(document), 0) END`;
