import { setImmediate as turn } from "node:timers/promises";

/**
 * Splits a list into parts of at most `size` members; of none, none. Between two of them timers and
 * I/O have their turn: SQLite, which answers at once, would leave them none.
 */
export async function* portions<T>(
  items: readonly T[],
  size: number,
): AsyncIterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await turn();
    yield items.slice(start, start + size);
  }
}
