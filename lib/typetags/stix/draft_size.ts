import type { Draft } from "./draft.ts";

/** Characters of a string, and how many characters are added when it is put in quotes. */
type Extent = { readonly length: number; readonly doubled: number };

/** Bytes that the hash of one instance takes in an event's references, `_cref` and `_ref`. */
const REFERENCE_BYTES = 150;

/** Drafts that are part of many events are measured once. */
const EXTENTS = new WeakMap<readonly Draft[], Extent>();

/**
 * An upper bound both for the characters of the canonical form of an event with these children and
 * for the bytes of its document. Each level of nesting doubles the backslashes inside it.
 */
export function maxSizeOf(drafts: readonly Draft[]): number {
  return extentOfAll(drafts).length;
}

function extentOfAll(drafts: readonly Draft[]): Extent {
  const known = EXTENTS.get(drafts);
  if (known !== undefined) return known;
  let [length, doubled] = [2, 0];
  for (const draft of drafts) {
    const list = inQuotes(inBrackets(inQuotes(extentOf(draft))));
    length += list.length + draft.subType.length * 6 + REFERENCE_BYTES;
    doubled += list.doubled + draft.subType.length + 2;
  }
  const extent = { length, doubled };
  EXTENTS.set(drafts, extent);
  return extent;
}

function extentOf(draft: Draft): Extent {
  if ("parts" in draft) return extentOfAll(draft.parts);
  const string = String(draft.data);
  const escaped = string.match(/[^ !#-[\]-~]/g)?.length ?? 0;
  return inQuotes({ length: string.length + 5 * escaped, doubled: 2 * escaped });
}

function inQuotes({ length, doubled }: Extent): Extent {
  return { length: length + doubled + 2, doubled: 2 * doubled + 2 };
}

function inBrackets({ length, doubled }: Extent): Extent {
  return { length: length + 2, doubled };
}
