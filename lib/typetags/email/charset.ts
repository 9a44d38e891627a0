import { Buffer } from "node:buffer";
import iconv from "iconv-lite";

/** What iconv-lite counts among the charsets and is none of mail. */
const NO_CHARSETS: ReadonlySet<string> = new Set(["base64", "hex", "binary", "utf7imap"]);

/** In bytes. Hostile UTF-7 takes a microsecond for each, a hundred times what others take. */
const MAX_UTF7 = 1024 ** 2;

const BIG5 = ["‧﹑¯～⊕⊙∕﹨￥￠￡", "•､‾∼♁☉／＼¥¢£"] as const;
const JAPANESE = ["～∥－￠￡￢", "〜‖−¢£¬"] as const;

/**
 * The existing system reads mail by Python's tables. These characters are all in which they differ
 * from the WHATWG's, which iconv-lite and TextDecoder follow, as far as both know a code at all.
 */
const AS_IN_PYTHON: { readonly [charset: string]: readonly [whatwg: string, python: string] } = {
  gb2312: ["·—", "・―"],
  big5: BIG5,
  big5hkscs: BIG5,
  shiftjis: JAPANESE,
  sjis: JAPANESE,
  eucjp: JAPANESE,
  iso2022jp: JAPANESE,
};

/**
 * The text that bytes are in a charset, with U+FFFD for those that are none; a mark
 * that is none of byte order stays. Undefined if there is no such charset, or if it is UTF-7 and more than 1 MiB.
 */
export function decodeCharset(bytes: Uint8Array, charset: string): string | undefined {
  const name = plainName(charset);
  const text = decode(bytes, name)?.toWellFormed();
  const [from, to] = AS_IN_PYTHON[name] ?? [];
  if (from === undefined || to === undefined) return text;
  return text?.replace(new RegExp(`[${from}]`, "g"), (found) => to[from.indexOf(found)]!);
}

function decode(bytes: Uint8Array, name: string): string | undefined {
  // The one charset of everyday mail that iconv-lite lacks.
  if (name === "iso2022jp") return new TextDecoder("iso-2022-jp").decode(bytes);
  if (!isKnown(name) || (name.endsWith("utf7") && bytes.length > MAX_UTF7)) return undefined;
  // In these the mark tells the order of bytes; elsewhere it is text.
  return iconv.decode(Buffer.from(bytes), name, { stripBOM: name === "utf16" || name === "utf32" });
}

/** The bytes of a text in a charset; in UTF-8 if there is no such charset. */
export function encodeCharset(text: string, charset: string): Uint8Array {
  const name = plainName(charset);
  return iconv.encode(text, isKnown(name) ? name : "utf8");
}

function isKnown(name: string): boolean {
  return !NO_CHARSETS.has(name) && iconv.encodingExists(name);
}

/** `ISO_8859-1`, `iso8859-1` and `iso-8859-1` are one. */
function plainName(charset: string): string {
  return charset.toLowerCase().replace(/[^a-z0-9]/g, "");
}
