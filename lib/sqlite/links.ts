import type { Hash, Instance } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

/** Bits of `links.sets`: which of the parent's sets hold the child. */
export const SETS = { _cref: 1, _ref: 2, _ben_ref: 4, _mal_ref: 8 } as const;

/** What the links of one instance have in common. */
type Place = {
  readonly itype: string;
  readonly parent: Uint8Array;
  readonly organisation: number;
  readonly timestamp: number;
  readonly category: string | null;
};

/** One row: the instance at `place` has the child in these sets. */
export type Link = { readonly child: Hash; readonly sets: number; readonly place: Place };

/** A link for each hash that the instance refers to. */
export function linksOf(prepare: Prepare, instance: Instance): Link[] {
  const children = setsOf(instance);
  if (children.size === 0) return [];
  const place = placeOf(prepare, instance);
  return Array.from(children, ([child, sets]) => ({ child, sets, place }));
}

/** Writes links; those that are there gain sets, and have the category from now on. */
export function writeLinks(prepare: Prepare, collection: number, links: readonly Link[]): void {
  const insert = prepare(
    `INSERT INTO links (collection, child, itype, organisation, timestamp, parent, sets, category)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sets = sets | excluded.sets, category = excluded.category`,
  );
  let last: { readonly child: Hash; readonly key: Uint8Array } | undefined;
  for (const { child, sets, place } of links) {
    if (last?.child !== child) last = { child, key: keyOf(child) };
    const { itype, organisation, timestamp, parent, category } = place;
    insert.run(collection, last.key, itype, organisation, timestamp, parent, sets, category);
  }
}

export function deleteLinks(prepare: Prepare, collection: number, instance: Instance): void {
  const remove = prepare(
    `DELETE FROM links WHERE collection = ? AND child = ? AND itype = ? AND organisation = ?
     AND timestamp = ? AND parent = ?`,
  );
  for (const { child, place } of linksOf(prepare, instance)) {
    const { itype, organisation, timestamp, parent } = place;
    remove.run(collection, keyOf(child), itype, organisation, timestamp, parent);
  }
}

type Sets = { readonly [name in keyof typeof SETS]?: readonly Hash[] };

/** Bits of {@link SETS} by child. */
function setsOf(instance: Instance): Map<Hash, number> {
  const links = new Map<Hash, number>();
  if (instance.itype === "attribute" || instance.itype === "report") return links;
  const sets: Sets = instance;
  for (const [name, bit] of Object.entries(SETS)) {
    for (const child of sets[name as keyof Sets] ?? []) {
      links.set(child, (links.get(child) ?? 0) | bit);
    }
  }
  return links;
}

function placeOf(prepare: Prepare, instance: Instance): Place {
  const { itype, _hash } = instance;
  const parent = keyOf(_hash);
  if (itype !== "event") return { itype, parent, organisation: 0, timestamp: 0, category: null };
  const { orgid, timestamp, category } = instance;
  return {
    itype,
    parent,
    category,
    organisation: organisationId(prepare, orgid),
    timestamp: Number.isNaN(timestamp) ? -Infinity : timestamp,
  };
}

function organisationId(prepare: Prepare, orgid: string): number {
  const text = quote(orgid);
  const row = prepare("SELECT id FROM organisations WHERE orgid = ?").get(text);
  if (row !== undefined) return Number(row["id"]);
  return Number(prepare("INSERT INTO organisations (orgid) VALUES (?)").run(text).lastInsertRowid);
}
