import type { Cutter } from "./cutter.ts";
import { CLOSING, COMMA, CURLY_BIT, OPENING, QUOTE, stringEnd } from "./json_bytes.ts";
import { isBlank } from "./line_cutter.ts";
import { joinBytes } from "./piece_buffer.ts";

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
    count: (bytes) => commas(bytes, isFirst ? 0 : 1).reduce((count) => count + 1, 1),
    last(bytes) {
      if (isBlank(bytes)) return undefined;
      return isFirst ? bytes : joinBytes([BRACKETS[0], bytes]);
    },
  };
}

const BRACKETS = [Uint8Array.of(OPENING), Uint8Array.of(CLOSING)] as const;

/** The last comma at depth 1 that is at most at `limit`, or the first one after it. */
function lastComma(bytes: Uint8Array, limit: number, depth: number): number | undefined {
  let last: number | undefined;
  for (const at of commas(bytes, depth)) {
    if (at > limit) return last ?? at;
    last = at;
  }
  return last;
}

/** Where the commas at depth 1 are; `depth` is that of the first byte. */
function* commas(bytes: Uint8Array, depth: number): Generator<number> {
  for (let at = 0, level = depth; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = stringEnd(bytes, at);
    else if (byte === COMMA && level === 1) yield at;
    else if ((byte & ~CURLY_BIT) === OPENING) level++;
    else if ((byte & ~CURLY_BIT) === CLOSING) level--;
  }
}
