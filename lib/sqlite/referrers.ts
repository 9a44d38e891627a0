import type { Hash } from "../tahoe/instance.ts";
import type { OpenCollection } from "./collection.ts";
import { findId } from "./instance_keys.ts";
import { ITYPES } from "./itypes.ts";
import { hashOf } from "./key.ts";
import { SET_BITS } from "./links.ts";

/** Raws or sessions that hold hashes in their `_ref`: see InstanceStore.holders. */
export function findHolders(
  collection: OpenCollection,
  hashes: readonly Hash[],
  itype: "raw" | "session",
): Map<Hash, Hash[]> {
  const statement = collection.prepare(
    `SELECT hash FROM links JOIN instances ON instances.id = links.parent
     WHERE child = ? AND links.itype = ? AND sets & ?`,
  );
  const found = new Map<Hash, Hash[]>();
  for (const hash of new Set(hashes)) {
    const rows = statement.all(findId(collection, hash), ITYPES[itype], SET_BITS._ref);
    if (rows.length === 0) continue;
    found.set(hash, rows.map((row) => hashOf(row["hash"] as Uint8Array)));
  }
  return found;
}

/** Hashes with more referrers than the number given for each: see InstanceStore.referredBeyond. */
export function findReferredBeyond(
  collection: OpenCollection,
  counts: ReadonlyMap<Hash, number>,
): Set<Hash> {
  const statement = collection.prepare(
    "SELECT count(*) AS count FROM (SELECT 1 FROM links WHERE child = ? LIMIT ?)",
  );
  const found = new Set<Hash>();
  for (const [hash, most] of counts) {
    const row = statement.get(findId(collection, hash), most + 1);
    if (Number(row?.["count"]) > most) found.add(hash);
  }
  return found;
}
