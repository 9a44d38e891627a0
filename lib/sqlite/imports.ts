import type { Instance } from "../tahoe/instance.ts";
import type { ImportedRaw } from "../tahoe/instances.ts";
import type { OpenCollection } from "./collection.ts";
import { findRow } from "./instance_keys.ts";
import { keyOf } from "./key.ts";
import { DocumentReader } from "./read_documents.ts";

/** Notes a Raw that was imported, and of which no event was made. */
export function noteImport({ prepare, id }: OpenCollection, instance: Instance): void {
  if (instance.itype !== "raw") return;
  if (instance._sources?.some(({ file }) => file !== undefined) !== true) return;
  prepare("INSERT INTO imports (collection, hash) VALUES (?, ?) ON CONFLICT DO NOTHING")
    .run(id, keyOf(instance._hash));
}

/** Removes the note of a Raw that goes. */
export function removeImport({ prepare, id }: OpenCollection, instance: Instance): void {
  if (instance.itype !== "raw") return;
  prepare("DELETE FROM imports WHERE collection = ? AND hash = ?").run(id, keyOf(instance._hash));
}

/** Lists the Raws that were noted, by hash. */
export function listImports(collection: OpenCollection): ImportedRaw[] {
  const { prepare, id } = collection;
  const reader = new DocumentReader(prepare);
  const rows = prepare("SELECT hash FROM imports WHERE collection = ? ORDER BY hash").all(id);
  return rows.flatMap(({ hash }) => {
    const row = findRow(collection, hash as Uint8Array);
    if (row === undefined || row.itype === null) return [];
    const { _hash, sub_type, orgid, _sources } = reader.read([row])[0] as ImportedRaw;
    return [{ _hash, sub_type, orgid, _sources }];
  });
}
