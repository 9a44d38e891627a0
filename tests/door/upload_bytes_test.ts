import { deepEqual, equal, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import { Refusal } from "../../lib/door/refusal.ts";
import { UploadBytes } from "../../lib/door/upload_bytes.ts";
import { MAX_DOCUMENT_BYTES } from "../../lib/tahoe/bson.ts";

const MIB = 1024 ** 2;

/** Adds a piece again and again; returns how many bytes were added before it was refused. */
function addUntilRefused(file: UploadBytes, piece: Uint8Array, most = 70 * MIB): number {
  let added = 0;
  try {
    for (; added < most; added += piece.length) file.add(piece);
  } catch (error) {
    equal(error instanceof Refusal && error.status, 413);
  }
  return added;
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("UploadBytes keeps what fits a document as it came", () => {
  using file = new UploadBytes();
  const piece = encode('{"a":   1}\n'.repeat(100_000));
  for (let i = 0; i < 14; i++) file.add(piece);
  equal(file.isCompacted, false);
  equal(file.length, 14 * piece.length);
  deepEqual(Buffer.from(file.bytes.subarray(0, piece.length)), Buffer.from(piece));
});

Deno.test("UploadBytes refuses text as soon as no document can hold it", () => {
  using file = new UploadBytes();
  const added = addUntilRefused(file, encode("x".repeat(MIB)));
  equal(added <= MAX_DOCUMENT_BYTES, true, String(added));
});

Deno.test("UploadBytes leaves whitespace out of JSON that is larger than a document", () => {
  using file = new UploadBytes();
  file.add(encode("["));
  for (let i = 0; i < 50; i++) file.add(encode(`"a  b", ${" ".repeat(MIB)}`));
  file.add(encode("1]"));
  equal(file.isCompacted, true);
  equal(Buffer.from(file.bytes).toString(), `[${'"a  b",'.repeat(50)}1]`);
});

Deno.test("UploadBytes refuses compressed data larger than a document, and UTF-16 of twice that", () => {
  using gzip = new UploadBytes();
  gzip.add(new Uint8Array([0x1f, 0x8b, 0x08]));
  equal(addUntilRefused(gzip, encode(" ".repeat(MIB))) <= MAX_DOCUMENT_BYTES, true);
  using utf16 = new UploadBytes();
  utf16.add(new Uint8Array([0xff, 0xfe]));
  const added = addUntilRefused(utf16, new Uint8Array(MIB).fill(0x20).fill(0, 0, 512));
  equal(added > MAX_DOCUMENT_BYTES && added <= 2 * MAX_DOCUMENT_BYTES, true, String(added));
});

Deno.test("UploadBytes has nothing any more once it is disposed of", () => {
  const file = new UploadBytes();
  file.add(encode("x".repeat(MIB)));
  const { bytes } = file;
  file[Symbol.dispose]();
  deepEqual([file.length, bytes.length], [0, 0]);
  throws(() => file.bytes.at(0)!.toFixed(), TypeError);
});
