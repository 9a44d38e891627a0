import { Buffer } from "node:buffer";

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

/**
 * Decodes base64 as leniently as mail needs it: skips characters outside the alphabet and accepts
 * missing padding. Text with a single digit left over cannot be base64 and is kept as it is.
 */
export function decodeBase64(text: string): Uint8Array {
  let digits = "";
  for (const [, run, others] of text.matchAll(/([A-Za-z0-9+/]+)([^A-Za-z0-9+/]*)/g)) {
    digits += run;
    const remainder = digits.length % 4;
    // Padding that fills a group of four ends the data, whatever follows.
    if (remainder >= 2 && remainder + others!.replace(/[^=]/g, "").length >= 4) break;
  }
  if (digits.length % 4 === 1) return Buffer.from(text.replace(/[\r\n]/g, ""), "latin1");
  return Buffer.from(digits, "base64");
}

/** Decodes quoted-printable (RFC 2045, section 6.7). Keeps malformed escapes as they are. */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const next = bytes[at + 1];
    const escaped = 16 * hexDigit(next) + hexDigit(bytes[at + 2]);
    if (bytes[at] !== EQUALS) decoded[length++] = bytes[at]!;
    else if (escaped >= 0) {
      decoded[length++] = escaped;
      at += 2;
    } else if (next === CR || next === LF) {
      const end = bytes.indexOf(LF, at + 1);
      at = end < 0 ? bytes.length : end;
    } else if (next !== undefined) {
      decoded[length++] = EQUALS;
      // Broken programs write one equals sign as two.
      if (next === EQUALS) at++;
    }
  }
  return decoded.subarray(0, length);
}

/** A digit's value; otherwise so far below zero that the other digit cannot make up for it. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1000;
}

/** Decodes the Q encoding of RFC 2047, section 4.2. */
export function decodeQ(text: string): Uint8Array {
  const decoded = text.replaceAll("_", " ").replace(
    /=([0-9A-Fa-f]{2})/g,
    (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
  );
  return Buffer.from(decoded, "latin1");
}

/** Decodes what uuencode (POSIX) put between `begin` and `end`; without these, keeps the text. */
export function decodeUu(text: string): Uint8Array {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => /^begin [0-7]+ ?\S/.test(line));
  const end = lines.findIndex((line, index) => index > begin && line.trim() === "end");
  if (begin < 0 || end < 0) return Buffer.from(text, "latin1");
  return Buffer.concat(lines.slice(begin + 1, end).map(decodeUuLine));
}

/** Decodes a line: its first character is the number of bytes, at most 63; each other is 6 bits. */
function decodeUuLine(line: string): Uint8Array {
  const sextet = (at: number) => (line.charCodeAt(at) - 32) & 63;
  const bytes = new Uint8Array(line.trim() === "" ? 0 : sextet(0));
  for (let at = 0; at < bytes.length; at++) {
    const first = 1 + Math.floor(at * 4 / 3);
    const shift = 2 * (at % 3);
    bytes[at] = (sextet(first) << (2 + shift)) | (sextet(first + 1) >> (4 - shift));
  }
  return bytes;
}
