import type { Category } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { itypeNumber } from "./itypes.ts";
import { findTextId, insertText } from "./shared_texts.ts";
import type { Prepare } from "./sqlite.ts";

export { SET_BITS } from "../packed/references.ts";

/** The bits of `links.sets` above those of the sets: the category of an event. */
export const CATEGORY = "sets >> 4";
const CATEGORY_SHIFT = 4;
/** Numbers that `links.sets` may be, or more. */
const SETS_RANGE = 256;
const CATEGORIES: readonly Category[] = ["unknown", "benign", "malicious"];

/** The number of a category in {@link CATEGORY}. */
export function categoryNumber(category: Value | undefined): number {
  const number = CATEGORIES.indexOf(category as Category);
  return number < 0 ? CATEGORIES.length : number;
}

/** The category for which a number in {@link CATEGORY} stands. */
export function categoryName(number: unknown): Category {
  return CATEGORIES[Number(number)]!;
}

/** The columns that all links of one parent share. */
export type LinkParent = {
  readonly id: number;
  readonly itype: number;
  /** Id of the organisation of an event; 0 for other parents. */
  readonly organisation: number;
  readonly timestamp: number;
  readonly category: number;
};

export function linkParent(document: Value, id: number, organisation: number): LinkParent {
  const fields: { readonly [name: string]: Value | undefined } = isFields(document) ? document : {};
  const { itype, timestamp, category } = fields;
  const parent = { id, itype: itypeNumber(itype), organisation };
  if (itype !== "event") return { ...parent, timestamp: 0, category: 0 };
  const time = typeof timestamp === "number" || typeof timestamp === "bigint"
    ? Number(timestamp)
    : NaN;
  return {
    ...parent,
    timestamp: Number.isNaN(time) ? -Infinity : time,
    category: categoryNumber(category) << CATEGORY_SHIFT,
  };
}

/** Writes a link to each child. One that is there gains the sets, and takes the category. */
export function writeLinks(
  prepare: Prepare,
  { id, itype, organisation, timestamp, category }: LinkParent,
  children: Iterable<{ readonly id: number; readonly sets: number }>,
): void {
  // One statement for all takes a quarter less time than one for each. Both numbers make one of JSON:
  // SQLite would parse a list of two again.
  let numbers = "";
  for (const { id: child, sets } of children) {
    numbers += `${numbers === "" ? "" : ","}${child * SETS_RANGE + (sets | category)}`;
  }
  prepare(
    `INSERT INTO links (child, itype, organisation, timestamp, parent, sets)
     SELECT value / ${SETS_RANGE}, ?, ?, ?, ?, value % ${SETS_RANGE} FROM json_each(?) WHERE true
     ON CONFLICT DO UPDATE SET sets = (sets & 15) | excluded.sets`,
  ).run(itype, organisation, timestamp, id, `[${numbers}]`);
}

export function deleteLinks(
  prepare: Prepare,
  { id, itype, organisation, timestamp }: LinkParent,
  children: readonly number[],
): void {
  const remove = prepare(
    `DELETE FROM links WHERE child = ? AND itype = ? AND organisation = ? AND timestamp = ?
       AND parent = ?`,
  );
  for (const child of children) remove.run(child, itype, organisation, timestamp, id);
}

/** Deletes all links of a parent of which nobody knows the children. Returns these. */
export function deleteAllLinks(prepare: Prepare, parent: number): number[] {
  return prepare("DELETE FROM links WHERE parent = ? RETURNING child").all(parent)
    .map(({ child }) => Number(child));
}

const ORGANISATIONS = { table: "organisations", column: "orgid" } as const;

/** The id of an organisation, new if necessary. */
export function ensureOrganisation(prepare: Prepare, orgid: string): number {
  const json = quote(orgid);
  return findTextId(prepare, ORGANISATIONS, json) ?? insertText(prepare, ORGANISATIONS, json);
}
