import { Rejected } from "../errors.ts";
import { looksLikeUtf16, UTF_16_FAULT } from "./text_fault.ts";
import { concat, isCompressed, isMarked, startsWith, toUtf8 } from "./utf8_stream.ts";

export type DecodeOptions = {
  /** What the upload is: lists may be text in a charset of one byte for each character. */
  readonly typetag: string;
  /** Most bytes of text that a compressed upload may unfold to. */
  readonly maxBytes: number;
};

/** The text of an upload. */
export type DecodedUpload = {
  readonly text: string;
  /** What had to be guessed, by name, and how often; counted with what the filter skips. */
  readonly skipped: { readonly [what: string]: number };
};

/** Lists that tools on Windows still write in their own charset. Values in them are ASCII. */
const LIST_TYPETAGS: ReadonlySet<string> = new Set([
  "ioc_list",
  "openphish_feed",
  "phishtank_feed",
]);

// deno-lint-ignore no-control-regex -- text in no charset of one byte contains these
const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** A byte order mark of UTF-16 that does not begin such text. */
const BINARY_START = /^(?:ÿþ|þÿ)/;

const FORMATS_BY_MARK: readonly (readonly [mark: readonly number[], format: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive"],
  [[0x42, 0x5a, 0x68], "compressed with bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"],
  [[0x37, 0x7a, 0xbc, 0xaf], "a 7z archive"],
];

/**
 * Reads the bytes of an upload as text: decompresses gzip, drops the byte order mark, reads UTF-16
 * if there is such a mark, otherwise UTF-8. A list that is neither is read as windows-1252.
 *
 * @throws {Rejected} TOO_LARGE when it unfolds to more than `maxBytes`, ENTRY_INVALID when it is
 * damaged or not text.
 */
export async function decodeUpload(
  bytes: Uint8Array,
  { typetag, maxBytes }: DecodeOptions,
): Promise<DecodedUpload> {
  const plain = isCompressed(bytes) || isMarked(bytes)
    ? await collect(toUtf8([bytes], maxBytes))
    : bytes;
  const text = tryDecode(plain, "utf-8");
  if (text !== undefined) return { text, skipped: {} };
  const list = LIST_TYPETAGS.has(typetag) ? tryDecode(plain, "windows-1252") : undefined;
  if (list === undefined || CONTROL_CHARACTER.test(list) || BINARY_START.test(list)) {
    throw notText(plain);
  }
  return { text: list, skipped: { "charset other than UTF-8 (read as windows-1252)": 1 } };
}

function notText(bytes: Uint8Array): Rejected {
  const [, format] = FORMATS_BY_MARK.find(([mark]) => startsWith(bytes, mark)) ?? [];
  if (looksLikeUtf16(new TextDecoder("latin1").decode(bytes.subarray(0, 256)))) {
    return new Rejected("ENTRY_INVALID", UTF_16_FAULT);
  }
  const what = format === undefined ? "it is not UTF-8 text" : `it is ${format}, not text`;
  const hint = format === undefined ? "binary data cannot be archived" : "must be unpacked first";
  return new Rejected("ENTRY_INVALID", `${what}, and ${hint}`);
}

function tryDecode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return concat(await Array.fromAsync(source));
}
