import type { Rejected } from "../errors.ts";

/** Bytes of files that are read together, unless it is one. */
const GROUP_BYTES = 8 * 2 ** 20;

/**
 * Splits files, in their order, into groups of at most 8 MiB or of one file. What is not to be read
 * takes no room.
 */
export function* groupsOf<T extends { readonly size: number | Rejected }>(
  files: Iterable<T>,
): Iterable<T[]> {
  let group: T[] = [];
  let total = 0;
  for (const file of files) {
    const size = typeof file.size === "number" ? file.size : 0;
    if (group.length > 0 && total + size > GROUP_BYTES) {
      yield group;
      group = [];
      total = 0;
    }
    group.push(file);
    total += size;
  }
  if (group.length > 0) yield group;
}
