import type { Category } from "../tahoe/instance.ts";
import type { Skeleton } from "../packed/skeleton.ts";

/** How to read events with one template for the graph, without putting their documents together. */
export type EventForm = {
  readonly category: Category;
  /** Number of literals, and which of them is the timestamp. */
  readonly literals: number;
  readonly timestamp: number;
  /** Members of `_ref` among the references; undefined if it holds all of them. */
  readonly places: readonly number[] | undefined;
  /** References that the document must have at least. */
  readonly references: number;
};

/** The form that a skeleton describes; undefined if only its whole document tells what is needed. */
export function eventForm(skeleton: Skeleton): EventForm | undefined {
  if (skeleton === null || typeof skeleton !== "object" || Array.isArray(skeleton)) {
    return undefined;
  }
  const fields = skeleton as { readonly [name: string]: Skeleton };
  const { itype, orgid, category, timestamp, _hash: hash, _ref: references } = fields;
  if (itype !== "=event" || orgid !== "o" || hash !== "h" || timestamp !== null) return undefined;
  if (typeof category !== "string" || category[0] !== "=") return undefined;
  if (typeof references !== "string") return undefined;
  const parts = { literals: 0, references: 0 };
  let at = 0;
  for (const [name, part] of Object.entries(fields)) {
    if (name === "timestamp") at = parts.literals;
    countParts(part, parts);
  }
  const places = placesOf(references);
  return {
    ...parts,
    category: category.slice(1) as Category,
    timestamp: at,
    places,
    references: Math.max(parts.references, ...(places ?? []).map((place) => place + 1)),
  };
}

/** Counts literals, and finds the largest number of a reference. */
function countParts(part: Skeleton, counts: { literals: number; references: number }): void {
  if (part === null) counts.literals++;
  else if (typeof part === "number") counts.references = Math.max(counts.references, part + 1);
  else if (typeof part === "object") {
    for (const each of Object.values(part)) countParts(each, counts);
  }
}

function placesOf(mark: string): readonly number[] | undefined {
  const rest = mark.slice(1);
  if (mark[0] === "#") return undefined;
  if (mark[0] === "<") return Array.from({ length: Number(rest) }, (_, place) => place);
  return rest.split(",").map(Number);
}
