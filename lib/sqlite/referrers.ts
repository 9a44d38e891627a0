import { Buffer } from "node:buffer";
import type { Hash } from "../tahoe/instance.ts";
import type { OpenCollection } from "./collection.ts";
import { toInstance } from "./documents.ts";
import { keyOf } from "./key.ts";
import { SET_BITS } from "./links.ts";

/** Raws or sessions that hold hashes in their `_ref`: see InstanceStore.holders. */
export function findHolders(
  collection: OpenCollection,
  hashes: readonly Hash[],
  itype: "raw" | "session",
): Map<Hash, Hash[]> {
  const statement = collection.prepare(
    "SELECT parent FROM links WHERE collection = ? AND child = ? AND itype = ? AND sets & ?",
  );
  const found = new Map<Hash, Hash[]>();
  for (const hash of new Set(hashes)) {
    const rows = statement.all(collection.id, keyOf(hash), itype, SET_BITS._ref);
    if (rows.length === 0) continue;
    found.set(hash, rows.map(({ parent }) => hashOfKey(collection, parent as Uint8Array)));
  }
  return found;
}

function hashOfKey({ prepare, id }: OpenCollection, key: Uint8Array): Hash {
  if (key.length === 32) return Buffer.from(key).toString("hex");
  const row = prepare("SELECT document FROM instances WHERE collection = ? AND hash = ?")
    .get(id, key);
  return toInstance(row!)._hash;
}

/** Hashes with more referrers than the number given for each: see InstanceStore.referredBeyond. */
export function findReferredBeyond(
  { prepare, id }: OpenCollection,
  counts: ReadonlyMap<Hash, number>,
): Set<Hash> {
  const statement = prepare(
    `SELECT count(*) AS count FROM
       (SELECT 1 FROM links WHERE collection = ? AND child = ? LIMIT ?)`,
  );
  const found = new Set<Hash>();
  for (const [hash, most] of counts) {
    const row = statement.get(id, keyOf(hash), most + 1);
    if (Number(row?.["count"]) > most) found.add(hash);
  }
  return found;
}
