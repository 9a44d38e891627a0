import { Buffer, isUtf8 } from "node:buffer";
import { Rejected } from "../errors.ts";
import { looksLikeUtf16, UTF_16_FAULT } from "./text_fault.ts";
import { concat, isCompressed, isMarked, refuseTar, startsWith, toUtf8 } from "./utf8_stream.ts";

export type DecodeOptions = {
  /** Reads bytes that are not UTF-8; without it they are refused. */
  readonly readOther?: (bytes: Uint8Array) => string;
  /** Most bytes of text that compressed data may unfold to. */
  readonly maxBytes: number;
  /** What cannot be done with binary data, such as `archived`. */
  readonly purpose: string;
};

/** A text, and whether its charset had to be guessed. */
export type DecodedText = { readonly text: string; readonly isGuess: boolean };

// deno-lint-ignore no-control-regex -- text contains these in no charset
const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** A byte order mark of UTF-16 that does not begin such text. */
const BINARY_START = /^(?:ÿþ|þÿ)/;

const FORMATS_BY_MARK: readonly (readonly [mark: readonly number[], format: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive"],
  [[0x1f, 0x8b, 0x08], "compressed with gzip twice"],
  [[0x42, 0x5a, 0x68], "compressed with bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"],
  [[0x37, 0x7a, 0xbc, 0xaf], "a 7z archive"],
];

/**
 * Reads bytes as text: decompresses gzip, drops the byte order mark, reads UTF-16 if there is such a
 * mark, otherwise UTF-8, otherwise as `readOther` does.
 *
 * @throws {Rejected} TOO_LARGE when they unfold to more than `maxBytes`, ENTRY_INVALID when they are
 * damaged or not text.
 */
export async function decodeText(
  bytes: Uint8Array,
  { readOther, maxBytes, purpose }: DecodeOptions,
): Promise<DecodedText> {
  const plain = isCompressed(bytes) || isMarked(bytes)
    ? concat(await Array.fromAsync(toUtf8([bytes], maxBytes)))
    : bytes;
  refuseTar(plain);
  const text = decodeUtf8(plain);
  if (text !== undefined) return { text, isGuess: false };
  const other = readOther?.(plain);
  if (other === undefined || CONTROL_CHARACTER.test(other) || BINARY_START.test(other)) {
    throw notText(plain, purpose);
  }
  return { text: other, isGuess: true };
}

function notText(bytes: Uint8Array, purpose: string): Rejected {
  const [, format] = FORMATS_BY_MARK.find(([mark]) => startsWith(bytes, mark)) ?? [];
  if (looksLikeUtf16(new TextDecoder("latin1").decode(bytes.subarray(0, 256)))) {
    return new Rejected("ENTRY_INVALID", UTF_16_FAULT);
  }
  const what = format === undefined ? "it is not UTF-8 text" : `it is ${format}, not text`;
  const hint = format === undefined ? `binary data cannot be ${purpose}` : "must be unpacked first";
  return new Rejected("ENTRY_INVALID", `${what}, and ${hint}`);
}

/** Undefined if it is not UTF-8. TextDecoder would take three times the memory meanwhile. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
