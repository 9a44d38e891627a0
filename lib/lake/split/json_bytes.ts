export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const CURLY = 0x7b;
/** The brackets `[` and `{`, `]` and `}` differ from each other in this bit only. */
export const CURLY_BIT = 0x20;
export const OPENING = 0x5b;
export const CLOSING = 0x5d;

const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;

/**
 * Position of the quote that ends the string which the quote at `start` begins; where it is missing,
 * of the end of the line: no string contains one.
 */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE && bytes[at] !== LINE_FEED) {
    at += bytes[at] === BACKSLASH && bytes[at + 1] !== LINE_FEED ? 2 : 1;
  }
  return at;
}
