import { setImmediate as turn } from "node:timers/promises";

/**
 * Splits a list into chunks of at most `size` members, in order; an empty list has no chunk. Timers
 * and I/O get their turn between two chunks: SQLite, which answers at once, would leave them none.
 */
export async function* chunks<T>(
  items: readonly T[],
  size: number,
): AsyncIterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await turn();
    yield items.slice(start, start + size);
  }
}

export type ChunkLimits<T> = {
  /** Members of one chunk. */
  readonly maxItems: number;
  /** Bytes of one chunk, unless it has a single member. */
  readonly maxBytes: number;
  /** Bytes of one member. */
  readonly bytesOf: (item: T) => number;
};

/** Splits what comes into chunks that keep both limits, in order; timers and I/O get their turn. */
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
      await turn();
      chunk = [];
      total = 0;
    }
    chunk.push(item);
    total += bytes;
  }
  if (chunk.length > 0) yield chunk;
}
