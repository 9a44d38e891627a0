import { chunksByBytes } from "../chunks.ts";
import type { Rejected } from "../errors.ts";

/** Bytes of files that are read together, unless it is a single file. */
const GROUP_BYTES = 8 * 2 ** 20;

/**
 * Splits files, in their order, into groups of at most 8 MiB or of one file. A rejected file is not
 * read and counts as empty.
 */
export function fileGroups<T extends { readonly size: number | Rejected }>(
  files: Iterable<T>,
): AsyncIterable<readonly T[]> {
  return chunksByBytes(files, {
    maxItems: Infinity,
    maxBytes: GROUP_BYTES,
    bytesOf: ({ size }) => typeof size === "number" ? size : 0,
  });
}
