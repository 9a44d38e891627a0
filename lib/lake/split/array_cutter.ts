import type { Cut, Cutter } from "./cutter.ts";
import { CLOSING, COMMA, CURLY, CURLY_BIT, OPENING, QUOTE, stringEnd } from "./json_bytes.ts";
import { isBlank } from "./line_cutter.ts";
import { joinBytes } from "./piece_buffer.ts";
import { type Boundary, firstName, restarts } from "./restarts.ts";

/**
 * Cuts between the members of a JSON array, whose bracket is at `start`; each part is an array of
 * some of them. In a damaged array, a record that is not closed ends where the next one begins.
 */
export function arrayCutter(start = 0): Cutter {
  let isFirst = true;
  /** The name that is the first one in the first record, and probably in all of them. */
  let name: string | undefined;
  const level = () => isFirst ? { from: start, depth: 0 } : { from: 0, depth: 1 };
  const cutAt = (bytes: Uint8Array, { end, next }: Boundary): Cut => {
    const members = bytes.subarray(0, end);
    // The first part has the bracket that opens the array.
    const data = joinBytes(isFirst ? [members, BRACKETS[1]] : [BRACKETS[0], members, BRACKETS[1]]);
    isFirst = false;
    return { data, next };
  };
  return {
    overhead: BRACKETS.length,
    cut(bytes, limit) {
      name ??= firstName(bytes.subarray(start));
      const found = lastUpTo(boundaries(bytes, level()), limit - BRACKETS.length);
      return found && cutAt(bytes, found);
    },
    recover(bytes, limit) {
      if (name === undefined || !isUnclosed(bytes, level())) return undefined;
      const found = lastUpTo(restarts(bytes, name), limit - BRACKETS.length);
      return found && cutAt(bytes, found);
    },
    count: (bytes) => boundaries(bytes, level()).reduce((count) => count + 1, 1),
    last(bytes) {
      if (isBlank(bytes)) return undefined;
      return isFirst ? bytes : joinBytes([BRACKETS[0], bytes]);
    },
  };
}

const BRACKETS = [Uint8Array.of(OPENING), Uint8Array.of(CLOSING)] as const;

/** Where to begin, and how many brackets are open there. */
type Level = { readonly from: number; readonly depth: number };

/** The last boundary that is at most at `limit`, or the first one after it. */
function lastUpTo(found: Iterable<Boundary>, limit: number): Boundary | undefined {
  let last: Boundary | undefined;
  for (const boundary of found) {
    if (boundary.end > limit) return last ?? boundary;
    last = boundary;
  }
  return last;
}

/**
 * The commas between members, and where one begins without a comma before it; returns how many
 * brackets are open at the end. A bracket that would close the array is left out: nothing of the
 * array comes behind its own.
 */
function* boundaries(bytes: Uint8Array, { from, depth }: Level): Generator<Boundary, number> {
  let level = depth;
  let isBehindMember = false;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if (byte === COMMA && level === 1) {
      yield { end: at, next: at + 1 };
      isBehindMember = false;
    } else if ((byte & ~CURLY_BIT) === OPENING) {
      if (level === 1 && byte === CURLY && isBehindMember) yield { end: at, next: at };
      level++;
    } else if ((byte & ~CURLY_BIT) === CLOSING && level > 1) {
      level--;
      isBehindMember = level === 1;
    }
  }
  return level;
}

function isUnclosed(bytes: Uint8Array, level: Level): boolean {
  const found = boundaries(bytes, level);
  let step = found.next();
  while (step.done !== true) step = found.next();
  return step.value > 1;
}
