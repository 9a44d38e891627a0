import { Rejected } from "../errors.ts";
import { gunzip } from "./gunzip.ts";

const GZIP_MARK = [0x1f, 0x8b, 0x08];
const UTF_8_MARK = [0xef, 0xbb, 0xbf];
const UTF_16_MARKS = [
  { mark: [0xff, 0xfe], label: "utf-16le" },
  { mark: [0xfe, 0xff], label: "utf-16be" },
] as const;

/** Bytes by which the kind of an upload is told: as many as the header of a tar archive has. */
const START_LENGTH = 512;

/** Bytes among which UTF-16 has a zero. */
const UTF_16_LENGTH = 256;

/** Where a tar archive says that it is one, and how. */
const TAR_MARK = { at: 257, mark: [0x75, 0x73, 0x74, 0x61, 0x72] } as const;

/**
 * The bytes of an upload as they come, decompressed if they are gzip, in UTF-8 if a byte order mark
 * says that they are UTF-16, and without that mark. Other bytes pass unchanged.
 *
 * @throws {Rejected} TOO_LARGE when they unfold to more than `maxBytes`, ENTRY_INVALID when they are
 * damaged or a tar archive.
 */
export async function* toUtf8(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  const [start, bytes] = await peek(source);
  const [mark, plain] = isCompressed(start) ? await peek(gunzip(bytes, maxBytes)) : [start, bytes];
  refuseTar(mark);
  const utf16 = utf16Label(mark);
  if (utf16 !== undefined) yield* transcode(plain, utf16);
  else if (startsWith(mark, UTF_8_MARK)) yield* withoutStart(plain, UTF_8_MARK.length);
  else yield* plain;
}

/** Whether an upload is compressed, and its text may be far larger. */
export function isCompressed(bytes: Uint8Array): boolean {
  return startsWith(bytes, GZIP_MARK);
}

/**
 * Refuses tar archives: of files of text they are UTF-8 as well.
 *
 * @throws {Rejected} ENTRY_INVALID when bytes begin as one.
 */
export function refuseTar(start: Uint8Array): void {
  if (!startsWith(start.subarray(TAR_MARK.at, START_LENGTH), TAR_MARK.mark)) return;
  throw new Rejected("ENTRY_INVALID", "it is a tar archive, not text, and must be unpacked first");
}

/** Whether an upload begins with a byte order mark. */
export function isMarked(bytes: Uint8Array): boolean {
  return startsWith(bytes, UTF_8_MARK) || utf16Label(bytes) !== undefined;
}

/** Whether an upload begins with a byte order mark of UTF-16, and is such text. */
export function isUtf16(bytes: Uint8Array): boolean {
  return utf16Label(bytes) !== undefined;
}

/**
 * The name of the UTF-16 that the first bytes are in. Besides the mark it takes a zero byte, half of
 * any character of ASCII, such as JSON's punctuation: binary data may begin like the mark.
 */
function utf16Label(bytes: Uint8Array): string | undefined {
  const found = UTF_16_MARKS.find(({ mark }) => startsWith(bytes, mark));
  const isText = bytes.length === found?.mark.length ||
    bytes.subarray(0, UTF_16_LENGTH).includes(0);
  return isText ? found?.label : undefined;
}

/** Whether bytes begin with some others. */
export function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

/** The first bytes, by which the kind is told, and all of them, those included. */
async function peek(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<readonly [start: Uint8Array, all: AsyncIterable<Uint8Array>]> {
  const pieces = iterate(source);
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < START_LENGTH) {
    const { value, done } = await pieces.next();
    if (done) break;
    start = start.length === 0 ? value : concat([start, value]);
  }
  return [
    start,
    (async function* () {
      if (start.length > 0) yield start;
      yield* pieces;
    })(),
  ];
}

async function* iterate(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  yield* source;
}

/** The bytes of a stream without the first `length` ones. */
export async function* withoutStart(
  source: AsyncIterable<Uint8Array>,
  length: number,
): AsyncIterable<Uint8Array> {
  let left = length;
  for await (const piece of source) {
    if (left < piece.length) yield left === 0 ? piece : piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

async function* transcode(
  source: AsyncIterable<Uint8Array>,
  label: string,
): AsyncIterable<Uint8Array> {
  const decoder = new TextDecoder(label, { fatal: true });
  const encoder = new TextEncoder();
  try {
    for await (const piece of source) {
      yield encoder.encode(decoder.decode(piece, { stream: true }));
    }
    yield encoder.encode(decoder.decode());
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const reason = "its byte order mark says UTF-16, but it is damaged or something else";
    throw new Rejected("ENTRY_INVALID", reason, { cause });
  }
}

/** The pieces in one array of their own. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
