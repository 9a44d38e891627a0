import { Buffer, isUtf8 } from "node:buffer";
import { decodeCharset } from "./charset.ts";
import { readParameters } from "./parameters.ts";

/** The charset of what names none: of most mail on which programs save a header. */
const USUAL = "windows-1252";

/** A message in an mbox file begins here: at its first line, before its headers. */
const MESSAGE_START = /^(?=From [^\r\n]*\d:\d\d[^\r\n]*\r?\n[!-9;-~]+:)/m;

/** The header that may name a charset begins here. */
const TYPE_START = /^(?=content-type:)/im;

/** That header, with its folded lines. */
const TYPE = /^content-type:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/i;

/** Charsets in which no mail is without a transfer encoding, whatever it says. */
const IMPOSSIBLE = /^(?:us)?[-_]?ascii$|^utf[-_]?(?:7|16|32)/i;

/**
 * Reads mail that is not UTF-8, because text in another charset stands in it as it is (8bit): each
 * part in the charset that its header names. What names none, such as headers, is UTF-8 if it can be,
 * or else in the first charset that its message names.
 */
export function decodeMail(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return text.split(MESSAGE_START).map(decodeMessage).join("");
}

/** Decodes a message of which each byte is one character. */
function decodeMessage(message: string): string {
  const parts = message.split(TYPE_START).map((part) => ({ part, charset: charsetOf(part) }));
  const first = parts.find(({ charset }) => charset !== undefined)?.charset ?? USUAL;
  return parts.map(({ part, charset = first }) => decodePart(part, charset)).join("");
}

/** The charset that a part names, if text can be in it. */
function charsetOf(part: string): string | undefined {
  const header = TYPE.exec(part)?.[1] ?? "";
  const charset = readParameters(header.replace(/\r?\n(?=[ \t])/g, "")).get("charset");
  if (charset === undefined || IMPOSSIBLE.test(charset)) return undefined;
  return decodeCharset(new Uint8Array(), charset) === undefined ? undefined : charset;
}

function decodePart(part: string, charset: string): string {
  const bytes = Buffer.from(part, "latin1");
  return isUtf8(bytes) ? bytes.toString() : decodeCharset(bytes, charset)!;
}
