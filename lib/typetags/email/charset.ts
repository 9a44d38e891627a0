import { Buffer } from "node:buffer";
import iconv from "iconv-lite";

/** Encodings of iconv-lite that are not charsets of mail. */
const OTHER_ENCODINGS: ReadonlySet<string> = new Set(["base64", "hex", "binary", "utf7imap"]);

/** In bytes. Hostile UTF-7 takes 1 µs per byte, a hundred times as long as other charsets. */
const MAX_UTF7_SIZE = 1024 ** 2;

/** Characters as the WHATWG's tables decode them, and as Python's do. */
type Difference = readonly [whatwg: string, python: string];

const BIG5: Difference = ["‧﹑¯～⊕⊙∕﹨￥￠￡", "•､‾∼♁☉／＼¥¢£"];
const JAPANESE: Difference = ["～∥－￠￡￢", "〜‖−¢£¬"];

/**
 * Characters that Python decodes differently. The existing system reads mail with Python's tables;
 * iconv-lite and TextDecoder use the WHATWG's. Among the codes that both know, these are all the
 * differences.
 */
const PYTHON_DIFFERENCES: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  ["gb2312", ["·—", "・―"]],
  ["big5", BIG5],
  ["big5hkscs", BIG5],
  ["shiftjis", JAPANESE],
  ["sjis", JAPANESE],
  ["eucjp", JAPANESE],
  ["iso2022jp", JAPANESE],
]);

/**
 * Decodes bytes, with U+FFFD for bytes that are invalid in the charset. U+FEFF stays, except as the
 * byte order mark of UTF-16 and UTF-32. Undefined if the charset is unknown, or for more than 1 MiB
 * of UTF-7.
 */
export function decodeCharset(bytes: Uint8Array, charset: string): string | undefined {
  const name = normaliseCharset(charset);
  const text = decodeAsWhatwg(bytes, name)?.toWellFormed();
  const [from, to] = PYTHON_DIFFERENCES.get(name) ?? [];
  if (from === undefined || to === undefined) return text;
  return text?.replace(new RegExp(`[${from}]`, "g"), (found) => to[from.indexOf(found)]!);
}

function decodeAsWhatwg(bytes: Uint8Array, name: string): string | undefined {
  // The only charset of everyday mail that iconv-lite lacks.
  if (name === "iso2022jp") return new TextDecoder("iso-2022-jp").decode(bytes);
  if (!isKnown(name) || (name.endsWith("utf7") && bytes.length > MAX_UTF7_SIZE)) return undefined;
  // Here U+FEFF marks the byte order; elsewhere it is text.
  return iconv.decode(Buffer.from(bytes), name, { stripBOM: name === "utf16" || name === "utf32" });
}

/** Encodes text in a charset, or in UTF-8 if the charset is unknown. */
export function encodeCharset(text: string, charset: string): Uint8Array {
  const name = normaliseCharset(charset);
  return iconv.encode(text, isKnown(name) ? name : "utf8");
}

function isKnown(name: string): boolean {
  return !OTHER_ENCODINGS.has(name) && iconv.encodingExists(name);
}

/** Gives `ISO_8859-1`, `iso8859-1` and `iso-8859-1` the same name. */
function normaliseCharset(charset: string): string {
  return charset.toLowerCase().replace(/[^a-z0-9]/g, "");
}
