import type { Hash } from "../tahoe/instance.ts";
import { isFields, type Value } from "../tahoe/value.ts";

/** Bits that say in which of the parent's sets a child is. */
export const SET_BITS = { _cref: 1, _ref: 2, _ben_ref: 4, _mal_ref: 8 } as const;

/** The sets of an instance that hold a reference, as a sum of {@link SET_BITS}. */
export type References = ReadonlyMap<Hash, number>;

// `_ref` holds the others, as a rule: then its members have the numbers 0, 1, 2 …
const SET_NAMES = ["_ref", "_cref", "_ben_ref", "_mal_ref"] as const;

/** Every reference of a document, once, with the sets that hold it. */
export function collectReferences(document: Value): References {
  const references = new Map<Hash, number>();
  if (!isFields(document)) return references;
  const { itype } = document;
  if (itype === "attribute" || itype === "report") return references;
  for (const name of SET_NAMES) {
    const set = document[name];
    // A document that others damaged may have anything in these fields.
    for (const child of Array.isArray(set) ? set : []) {
      if (typeof child !== "string") continue;
      references.set(child, (references.get(child) ?? 0) | SET_BITS[name]);
    }
  }
  return references;
}
