import type { Hash, Instance } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { type Fields, scalarText } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

/** Bits of `links.sets`, which say in which of the parent's sets the child is. */
export const SET_BITS = { _cref: 1, _ref: 2, _ben_ref: 4, _mal_ref: 8 } as const;

/** The parent's columns, which all links of one instance share. */
type LinkParent = {
  readonly itype: string;
  readonly key: Uint8Array;
  readonly organisation: number;
  readonly timestamp: number;
  readonly category: string | null;
};

/** A row of `links`: the parent has the child in these sets. */
export type Link = {
  readonly child: Hash;
  readonly sets: number;
  readonly parent: LinkParent;
};

/** The links of an instance: one for each hash that it refers to. */
export function linksOf(prepare: Prepare, instance: Instance): Link[] {
  const children = collectChildren(instance);
  if (children.size === 0) return [];
  const parent = toLinkParent(prepare, instance);
  return Array.from(children, ([child, sets]) => ({ child, sets, parent }));
}

/** Writes links. A link that is there gains the sets, and takes the category from now on. */
export function writeLinks({ prepare, id }: OpenCollection, links: readonly Link[]): void {
  const insert = prepare(
    `INSERT INTO links (collection, child, itype, organisation, timestamp, parent, sets, category)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sets = sets | excluded.sets, category = excluded.category`,
  );
  let last: { readonly child: Hash; readonly key: Uint8Array } | undefined;
  for (const { child, sets, parent } of links) {
    if (last?.child !== child) last = { child, key: keyOf(child) };
    const { itype, organisation, timestamp, key, category } = parent;
    insert.run(id, last.key, itype, organisation, timestamp, key, sets, category);
  }
}

export function deleteLinks({ prepare, id }: OpenCollection, instance: Instance): void {
  const remove = prepare(
    `DELETE FROM links WHERE collection = ? AND child = ? AND itype = ? AND organisation = ?
     AND timestamp = ? AND parent = ?`,
  );
  for (const { child, parent } of linksOf(prepare, instance)) {
    const { itype, organisation, timestamp, key } = parent;
    remove.run(id, keyOf(child), itype, organisation, timestamp, key);
  }
}

type ReferenceSets = { readonly [name in keyof typeof SET_BITS]?: unknown };

/** The instance's children and descendants, with the {@link SET_BITS} of each. */
function collectChildren(instance: Instance): Map<Hash, number> {
  const children = new Map<Hash, number>();
  if (instance.itype === "attribute" || instance.itype === "report") return children;
  const sets: ReferenceSets = instance;
  for (const [name, bit] of Object.entries(SET_BITS)) {
    const set = sets[name as keyof ReferenceSets];
    for (const child of Array.isArray(set) ? set : []) {
      if (typeof child === "string") children.set(child, (children.get(child) ?? 0) | bit);
    }
  }
  return children;
}

function toLinkParent(prepare: Prepare, instance: Instance): LinkParent {
  // A document that others damaged may have anything in these fields.
  const fields = instance as unknown as Fields;
  const itype = scalarText(fields["itype"]);
  const key = keyOf(scalarText(fields["_hash"]));
  if (itype !== "event") return { itype, key, organisation: 0, timestamp: 0, category: null };
  const { orgid, timestamp, category } = fields;
  const time = typeof timestamp === "number" || typeof timestamp === "bigint"
    ? Number(timestamp)
    : NaN;
  return {
    itype,
    key,
    category: typeof category === "string" ? category : null,
    organisation: ensureOrganisation(prepare, scalarText(orgid)),
    timestamp: Number.isNaN(time) ? -Infinity : time,
  };
}

/** The organisation's id, new if necessary. */
function ensureOrganisation(prepare: Prepare, orgid: string): number {
  const json = quote(orgid);
  const row = prepare("SELECT id FROM organisations WHERE orgid = ?").get(json);
  if (row !== undefined) return Number(row["id"]);
  return Number(prepare("INSERT INTO organisations (orgid) VALUES (?)").run(json).lastInsertRowid);
}
