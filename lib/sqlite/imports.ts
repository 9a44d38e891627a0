import type { Instance } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import { Damaged, type ImportedRaw } from "../tahoe/instances.ts";
import type { OpenCollection } from "./collection.ts";
import { findRow } from "./instance_keys.ts";
import { keyOf } from "./key.ts";
import { DocumentReader } from "./read_documents.ts";

/** Notes a Raw that was imported, and of which no event was made. */
export function noteImport({ prepare, id }: OpenCollection, instance: Instance): void {
  if (instance.itype !== "raw" || instanceFault(instance) !== undefined) return;
  if (instance._sources?.some(({ file }) => file !== undefined) !== true) return;
  prepare("INSERT INTO imports (collection, hash) VALUES (?, ?) ON CONFLICT DO NOTHING")
    .run(id, keyOf(instance._hash));
}

/** Removes the note of a Raw that goes, given by its key. */
export function removeImport({ prepare, id }: OpenCollection, key: Uint8Array): void {
  prepare("DELETE FROM imports WHERE collection = ? AND hash = ?").run(id, key);
}

/** Lists the Raws that were noted, by hash; without those that cannot be read. */
export function listImports(collection: OpenCollection): ImportedRaw[] {
  const { prepare, id } = collection;
  const reader = new DocumentReader(prepare);
  const rows = prepare("SELECT hash FROM imports WHERE collection = ? ORDER BY hash").all(id);
  return rows.flatMap(({ hash }) => {
    const row = findRow(collection, hash as Uint8Array);
    if (row === undefined || row.itype === null) return [];
    const [raw] = reader.readEach([row]);
    if (raw instanceof Damaged) return [];
    const { _hash, sub_type, orgid, _sources } = raw as ImportedRaw;
    return [{ _hash, sub_type, orgid, _sources }];
  });
}
