import { Buffer, isUtf8 } from "node:buffer";
import { decodeCharset } from "./charset.ts";
import { decodeBase64, decodeQ } from "./transfer_encoding.ts";

// A text that begins with an escape may lack its end, as the existing system has it. Charset,
// encoding and text hold no question mark, so that nothing is tried twice.
const ENCODED_WORD = /=\?([^?]*)\?([qb])\?(?:(=[0-9a-f]{2}[^?]*)(?:\?=|$)|((?:[^=?][^?]*)?)\?=)/iy;

/** An encoded word, decoded, and where it ends in the header. */
export type EncodedWord = { readonly text: string; readonly end: number };

/**
 * The encoded word of RFC 2047 that begins at a place in a text; undefined if none does. Bytes that
 * cannot be decoded stay in it: see {@link decodeLeftBytes}.
 */
export function readEncodedWord(text: string, at: number): EncodedWord | undefined {
  ENCODED_WORD.lastIndex = at;
  const match = ENCODED_WORD.exec(text);
  if (match === null) return undefined;
  const encoded = match[3] ?? match[4]!;
  if (!isAscii(encoded)) return undefined;
  const bytes = match[2]!.toLowerCase() === "b" ? decodeBase64(encoded) : decodeQ(encoded);
  const [charset] = match[1]!.split("*", 1);
  return { text: decode(bytes, charset!), end: ENCODED_WORD.lastIndex };
}

export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function decode(bytes: Uint8Array, charset: string): string {
  if (/^(?:us-?)?ascii$/i.test(charset)) return leave(bytes);
  if (!/^utf[-_]?8$/i.test(charset)) return decodeCharset(bytes, charset) ?? leave(bytes);
  // A character may be split between two words: then neither is UTF-8.
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : leave(bytes);
}

/** ASCII, and each other byte as U+DC00 and its value. */
function leave(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1")
    .replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** The text with the bytes that encoded words left in it read as UTF-8. */
export function decodeLeftBytes(text: string): string {
  if (text.isWellFormed()) return text;
  const bytes = text
    .replace(/[^\p{ASCII}\udc80-\udcff]+/gu, (some) => Buffer.from(some).toString("latin1"))
    .replace(/[\udc80-\udcff]/g, (left) => String.fromCharCode(left.charCodeAt(0) - 0xdc00));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
}

/**
 * The text of a header without further grammar, such as Subject: encoded words are decoded, and
 * white space between two of them goes.
 */
export function decodeWords(value: string): string {
  let decoded = "";
  let afterWord = false;
  let runEnd = 0;
  for (let at = 0; at < value.length;) {
    const space = matchAt(/[ \t]\s*/y, value, at);
    at += space.length;
    const word = readEncodedWord(value, at);
    if (word !== undefined) {
      decoded += (afterWord ? "" : space) + word.text;
      at = word.end;
    } else {
      if (runEnd <= at) runEnd = at + matchAt(/[^ \t]*/y, value, at).length;
      const text = untilWord(value.slice(at, runEnd));
      decoded += space + text;
      at += text.length;
    }
    afterWord = word !== undefined;
  }
  return decodeLeftBytes(decoded);
}

/** The part of a run of text before an encoded word that is glued to it. */
function untilWord(run: string): string {
  const opening = /=\?[^?]*\?[qb]\?/i.exec(run);
  if (run.startsWith("=?") || opening === null) return run;
  const isClosed = run.includes("?=", opening.index + opening[0].length);
  return isClosed ? run.slice(0, run.indexOf("=?")) : run;
}

/** What a sticky pattern finds at a place in a text, or nothing. */
export function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
