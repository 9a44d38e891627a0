import { Rejected } from "../../../errors.ts";
import { decodeText } from "../../../text/decode_text.ts";
import { looksLikeUtf16, UTF_16_FAULT } from "../../../text/text_fault.ts";
import { concat } from "../../../text/utf8_stream.ts";

/** Bytes that a list may have, also after decompression: room for half a million values. */
const MAX_BYTES = 64 * 1024 ** 2;
const TOO_LARGE = "it has more than 64 MiB: split it";

/**
 * Reads a stream as text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252; also compressed
 * by gzip.
 *
 * @throws {RangeError} when it has more than 64 MiB.
 * @throws {Rejected} ENTRY_INVALID when it is damaged, or not text.
 */
export async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const bytes = await readBytes(stream);
  try {
    const readOther = (bytes: Uint8Array) => new TextDecoder("windows-1252").decode(bytes);
    const options = { readOther, maxBytes: MAX_BYTES, purpose: "looked up" };
    const { text } = await decodeText(bytes, options);
    // Of ASCII alone it is UTF-8 as well.
    if (looksLikeUtf16(text)) throw new Rejected("ENTRY_INVALID", UTF_16_FAULT);
    return text;
  } catch (error) {
    if (!(error instanceof Rejected) || error.code !== "TOO_LARGE") throw error;
    throw new RangeError(TOO_LARGE, { cause: error });
  }
}

async function readBytes(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > MAX_BYTES) throw new RangeError(TOO_LARGE);
    pieces.push(piece);
  }
  return concat(pieces);
}
