import type { Prepare } from "./sqlite.ts";

/** Names a logical collection, as it would be called in MongoDB. */
export type CollectionName = { readonly db: string; readonly coll: string };

export function collectionName({ db, coll }: CollectionName): string {
  return `${db}.${coll}`;
}

/** The collection's id; 0, which none has, if nothing was ever written to it. */
export function findCollection(prepare: Prepare, name: string): number {
  const row = prepare("SELECT id FROM collections WHERE name = ?").get(name);
  return row === undefined ? 0 : Number(row["id"]);
}

/** The collection's id, new if need be. For jobs that write. */
export function ensureCollection(prepare: Prepare, name: string): number {
  prepare("INSERT INTO collections (name) VALUES (?) ON CONFLICT DO NOTHING").run(name);
  return findCollection(prepare, name);
}
