import { Buffer, isUtf8 } from "node:buffer";
import { decodeCharset } from "./charset.ts";
import { decodeBase64, decodeQ } from "./transfer_encoding.ts";

// An encoded text that begins with an escape may lack its `?=`, as in the existing system. Charset,
// encoding and encoded text contain no question mark, so nothing is matched twice.
const ENCODED_WORD = /=\?([^?]*)\?([qb])\?(?:(=[0-9a-f]{2}[^?]*)(?:\?=|$)|((?:[^=?][^?]*)?)\?=)/iy;

/** A decoded encoded word, and the index of its end in the header. */
export type EncodedWord = { readonly text: string; readonly end: number };

/**
 * Reads the encoded word (RFC 2047) that begins at an index of a string; undefined if none does.
 * Bytes that cannot be decoded are escaped: see {@link decodeEscapedBytes}.
 */
export function readEncodedWord(text: string, at: number): EncodedWord | undefined {
  ENCODED_WORD.lastIndex = at;
  const match = ENCODED_WORD.exec(text);
  if (match === null) return undefined;
  const encoded = match[3] ?? match[4]!;
  if (!isAscii(encoded)) return undefined;
  const bytes = match[2]!.toLowerCase() === "b" ? decodeBase64(encoded) : decodeQ(encoded);
  const [charset] = match[1]!.split("*", 1);
  return { text: decodeBytes(bytes, charset!), end: ENCODED_WORD.lastIndex };
}

export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function decodeBytes(bytes: Uint8Array, charset: string): string {
  if (/^(?:us-?)?ascii$/i.test(charset)) return escapeBytes(bytes);
  if (!/^utf[-_]?8$/i.test(charset)) return decodeCharset(bytes, charset) ?? escapeBytes(bytes);
  // A character may be split between two words: then neither is valid UTF-8.
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : escapeBytes(bytes);
}

/** ASCII bytes as they are, others as U+DC00 plus the byte, like surrogateescape in Python. */
function escapeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1")
    .replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** Decodes the bytes that {@link readEncodedWord} escaped, together with their neighbours, as UTF-8. */
export function decodeEscapedBytes(text: string): string {
  if (text.isWellFormed()) return text;
  const bytes = text
    .replace(/[^\p{ASCII}\udc80-\udcff]+/gu, (decoded) => Buffer.from(decoded).toString("latin1"))
    .replace(/[\udc80-\udcff]/g, (escaped) => String.fromCharCode(escaped.charCodeAt(0) - 0xdc00));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
}

/**
 * Decodes the encoded words of an unstructured header such as Subject, and drops the white space
 * between two of them.
 */
export function decodeEncodedWords(value: string): string {
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
      const text = textBeforeWord(value.slice(at, runEnd));
      decoded += space + text;
      at += text.length;
    }
    afterWord = word !== undefined;
  }
  return decodeEscapedBytes(decoded);
}

/** The part of a run of text that precedes an encoded word attached to it without a space. */
function textBeforeWord(run: string): string {
  const opening = /=\?[^?]*\?[qb]\?/i.exec(run);
  if (run.startsWith("=?") || opening === null) return run;
  const isClosed = run.includes("?=", opening.index + opening[0].length);
  return isClosed ? run.slice(0, run.indexOf("=?")) : run;
}

/** What a sticky pattern matches at an index of a string; empty if nothing. */
export function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
