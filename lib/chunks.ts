import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Splits a list into chunks of at most `size` items, in order; an empty list yields no chunk. Timers
 * and I/O run between two chunks: SQLite, which answers without waiting, would never let them.
 */
export async function* chunks<T>(
  items: readonly T[],
  size: number,
): AsyncIterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextTurn();
    yield items.slice(start, start + size);
  }
}

export type ChunkLimits<T> = {
  /** Most items in a chunk. */
  readonly maxItems: number;
  /** Most bytes in a chunk; a single item may be larger. */
  readonly maxBytes: number;
  /** Size of an item in bytes. */
  readonly bytesOf: (item: T) => number;
};

/** Splits items into chunks within both limits, in order. Timers and I/O run between two chunks. */
export async function* chunksByBytes<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { maxItems, maxBytes, bytesOf }: ChunkLimits<T>,
): AsyncIterable<readonly T[]> {
  let chunk: T[] = [];
  let total = 0;
  for await (const item of items) {
    const bytes = bytesOf(item);
    if (chunk.length === maxItems || (chunk.length > 0 && total + bytes > maxBytes)) {
      yield chunk;
      await nextTurn();
      chunk = [];
      total = 0;
    }
    chunk.push(item);
    total += bytes;
  }
  if (chunk.length > 0) yield chunk;
}
