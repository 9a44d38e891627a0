import type { Hash, Instance } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

/** Bits of `links.sets`: which of the parent's sets hold the child. */
export const SETS = { _cref: 1, _ref: 2, _ben_ref: 4, _mal_ref: 8 } as const;

/** Writes a link for each hash that the instance refers to; links that are there gain sets. */
export function writeLinks(prepare: Prepare, collection: number, instance: Instance): void {
  const links = linksOf(instance);
  if (links.size === 0) return;
  const { itype, organisation, timestamp, parent } = placeOf(prepare, instance);
  const category = instance.itype === "event" ? instance.category : null;
  const insert = prepare(
    `INSERT INTO links (collection, child, itype, organisation, timestamp, parent, sets, category)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sets = sets | excluded.sets`,
  );
  for (const [child, sets] of links) {
    insert.run(collection, keyOf(child), itype, organisation, timestamp, parent, sets, category);
  }
}

export function deleteLinks(prepare: Prepare, collection: number, instance: Instance): void {
  const links = linksOf(instance);
  if (links.size === 0) return;
  const { itype, organisation, timestamp, parent } = placeOf(prepare, instance);
  const remove = prepare(
    `DELETE FROM links WHERE collection = ? AND child = ? AND itype = ? AND organisation = ?
     AND timestamp = ? AND parent = ?`,
  );
  for (const child of links.keys()) {
    remove.run(collection, keyOf(child), itype, organisation, timestamp, parent);
  }
}

type Sets = { readonly [name in keyof typeof SETS]?: readonly Hash[] };

function linksOf(instance: Instance): Map<Hash, number> {
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

/** What the links of an instance have in common. */
function placeOf(prepare: Prepare, instance: Instance) {
  const { itype, _hash } = instance;
  const parent = keyOf(_hash);
  if (itype !== "event") return { itype, parent, organisation: 0, timestamp: 0 };
  const { orgid, timestamp } = instance;
  return {
    itype,
    parent,
    organisation: organisationId(prepare, orgid),
    timestamp: Number.isNaN(timestamp) ? -Infinity : timestamp,
  };
}

function organisationId(prepare: Prepare, orgid: string): number {
  const text = quote(orgid);
  prepare("INSERT INTO organisations (orgid) VALUES (?) ON CONFLICT DO NOTHING").run(text);
  return Number(prepare("SELECT id FROM organisations WHERE orgid = ?").get(text)?.["id"]);
}
