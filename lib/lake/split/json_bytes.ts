export const QUOTE = 0x22;
export const COMMA = 0x2c;
/** The brackets `[` and `{`, `]` and `}` differ from each other in this bit only. */
export const CURLY_BIT = 0x20;
export const OPENING = 0x5b;
export const CLOSING = 0x5d;

const BACKSLASH = 0x5c;

/** Position of the quote that ends the string which the quote at `start` begins. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
