import type { Category, Hash, Instance } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { ITYPES } from "./itypes.ts";
import type { Prepare } from "./sqlite.ts";

/** Bits of `links.sets`, which say in which of the parent's sets the child is. */
export const SET_BITS = { _cref: 1, _ref: 2, _ben_ref: 4, _mal_ref: 8 } as const;

/** The bits of `links.sets` above those of the sets: the category of an event. */
export const CATEGORY = "sets >> 4";
const CATEGORY_SHIFT = 4;
const CATEGORIES: readonly Category[] = ["unknown", "benign", "malicious"];

/** The number of a category in {@link CATEGORY}. */
export function categoryNumber(category: Category): number {
  const number = CATEGORIES.indexOf(category);
  return number < 0 ? CATEGORIES.length : number;
}

/** The category for which a number in {@link CATEGORY} stands. */
export function categoryName(number: unknown): Category {
  return CATEGORIES[Number(number)]!;
}

/** The sets of an instance that hold a reference, as a sum of {@link SET_BITS}. */
export type References = ReadonlyMap<Hash, number>;

// `_ref` holds the others, as a rule: then its members have the numbers 0, 1, 2 …
const SET_NAMES = ["_ref", "_cref", "_ben_ref", "_mal_ref"] as const;

/** Every reference of an instance, once, with the sets that hold it. */
export function collectReferences(instance: Instance): References {
  const references = new Map<Hash, number>();
  if (instance.itype === "attribute" || instance.itype === "report") return references;
  const sets: { readonly [name in keyof typeof SET_BITS]?: readonly Hash[] } = instance;
  for (const name of SET_NAMES) {
    for (const child of sets[name] ?? []) {
      references.set(child, (references.get(child) ?? 0) | SET_BITS[name]);
    }
  }
  return references;
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

export function linkParent(instance: Instance, id: number, organisation: number): LinkParent {
  const itype = ITYPES[instance.itype];
  if (instance.itype !== "event") return { id, itype, organisation, timestamp: 0, category: 0 };
  const { timestamp } = instance;
  return {
    id,
    itype,
    organisation,
    timestamp: Number.isNaN(timestamp) ? -Infinity : timestamp,
    category: categoryNumber(instance.category) << CATEGORY_SHIFT,
  };
}

/** Writes a link to each child. One that is there gains the sets, and takes the category. */
export function writeLinks(
  prepare: Prepare,
  { id, itype, organisation, timestamp, category }: LinkParent,
  children: Iterable<{ readonly id: number; readonly sets: number }>,
): void {
  const insert = prepare(
    `INSERT INTO links (child, itype, organisation, timestamp, parent, sets)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sets = (sets & 15) | excluded.sets`,
  );
  for (const { id: child, sets } of children) {
    insert.run(child, itype, organisation, timestamp, id, sets | category);
  }
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

/** The organisation of an event, new if necessary; null for what is not an event. */
export function ensureOrganisation(prepare: Prepare, instance: Instance): number | null {
  if (instance.itype !== "event") return null;
  const json = quote(instance.orgid);
  const row = prepare("SELECT id FROM organisations WHERE orgid = ?").get(json);
  if (row !== undefined) return Number(row["id"]);
  return Number(prepare("INSERT INTO organisations (orgid) VALUES (?)").run(json).lastInsertRowid);
}
