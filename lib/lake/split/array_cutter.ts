import type { Cutter } from "./cutter.ts";
import { isBlank } from "./line_cutter.ts";
import { joinBytes } from "./piece_buffer.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** The brackets `[` and `{`, `]` and `}` differ from each other in this bit only. */
const CURLY_BIT = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** Cuts at the commas between the members of a JSON array; each part is an array of some of them. */
export function arrayCutter(): Cutter {
  let isFirst = true;
  return {
    overhead: BRACKETS.length,
    cut(bytes, limit) {
      // The first part has the bracket that opens the array; the brackets take two bytes.
      const comma = lastComma(bytes, limit - BRACKETS.length, isFirst ? 0 : 1);
      if (comma === undefined) return undefined;
      const members = bytes.subarray(0, comma);
      const data = joinBytes(
        isFirst ? [members, BRACKETS[1]] : [BRACKETS[0], members, BRACKETS[1]],
      );
      isFirst = false;
      return { data, next: comma + 1 };
    },
    last(bytes) {
      if (isBlank(bytes)) return undefined;
      return isFirst ? bytes : joinBytes([BRACKETS[0], bytes]);
    },
  };
}

const BRACKETS = [Uint8Array.of(OPENING), Uint8Array.of(CLOSING)] as const;

/**
 * The last comma at depth 1 that is at most at `limit`, or the first one after it; undefined if there
 * is none. `depth` is that of the first byte.
 */
function lastComma(bytes: Uint8Array, limit: number, depth: number): number | undefined {
  let last: number | undefined;
  for (let at = 0, level = depth; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if (byte === COMMA) {
      if (level !== 1) continue;
      if (at > limit) return last ?? at;
      last = at;
    } else if ((byte & ~CURLY_BIT) === OPENING) {
      level++;
    } else if ((byte & ~CURLY_BIT) === CLOSING) {
      level--;
    }
  }
  return last;
}

/** Position of the quote that ends the string which the quote at `start` begins. */
function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
