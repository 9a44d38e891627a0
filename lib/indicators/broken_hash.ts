import { HASH_LENGTHS } from "./hash_name.ts";

/** A hash, and a part of one alone on the next line. */
const TWO_LINES = /^([ \t]*)([0-9a-f]{16,127})[ \t]*\r?\n[ \t]*([0-9a-f]{1,112})(?=[ \t]*\r?$)/gim;

/**
 * A text with hashes whole that narrow columns of documents broke over two lines: together these have
 * the digits of a hash, and the second alone has not.
 */
export function joinBrokenHashes(text: string): string {
  return text.replace(TWO_LINES, (all, blank: string, first: string, second: string) => {
    const isHash = HASH_LENGTHS.has(first.length + second.length);
    // Digits alone are a number or date below a hash.
    const isTorn = !HASH_LENGTHS.has(second.length) &&
      [first, second].every((part) => /[a-f]/i.test(part));
    return isHash && isTorn ? `${blank}${first}${second}` : all;
  });
}
