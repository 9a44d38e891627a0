import { Buffer } from "node:buffer";

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

/**
 * Base64, read as mail needs it: what is not of its alphabet is skipped, missing padding is no
 * fault. Text with a lone digit left over cannot be base64 and is taken as it is.
 */
export function decodeBase64(text: string): Uint8Array {
  let digits = "";
  for (const [, some, others] of text.matchAll(/([A-Za-z0-9+/]+)([^A-Za-z0-9+/]*)/g)) {
    digits += some;
    const over = digits.length % 4;
    // Padding that fills a group of four ends the data, whatever follows.
    if (over >= 2 && over + others!.replace(/[^=]/g, "").length >= 4) break;
  }
  if (digits.length % 4 === 1) return Buffer.from(text.replace(/[\r\n]/g, ""), "latin1");
  return Buffer.from(digits, "base64");
}

/** Quoted-printable of RFC 2045, section 6.7. What is no escape stays as it is. */
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
      // A doubled sign is one, as broken programs write it.
      if (next === EQUALS) at++;
    }
  }
  return decoded.subarray(0, length);
}

/** Less than -300 for what is no digit, so that no other digit makes a byte of it. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1000;
}

/** The Q encoding of RFC 2047, section 4.2. */
export function decodeQ(text: string): Uint8Array {
  const decoded = text.replaceAll("_", " ").replace(
    /=([0-9A-Fa-f]{2})/g,
    (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
  );
  return Buffer.from(decoded, "latin1");
}

/** What stands between `begin` and `end` in the form of uuencode (POSIX); else the text as it is. */
export function decodeUu(text: string): Uint8Array {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => /^begin [0-7]+ ?\S/.test(line));
  const end = lines.findIndex((line, index) => index > begin && line.trim() === "end");
  if (begin < 0 || end < 0) return Buffer.from(text, "latin1");
  return Buffer.concat(lines.slice(begin + 1, end).map(decodeUuLine));
}

/** The first character tells how many bytes the others make, six bits each; at most 63. */
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
