import type { Instance } from "../tahoe/instance.ts";
import type { ImportedRaw } from "../tahoe/instances.ts";
import type { OpenCollection } from "./collection.ts";
import { hasKey, keyOf } from "./key.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";

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
export function listImports({ prepare, id }: OpenCollection): ImportedRaw[] {
  const rows = prepare(
    `SELECT ${DOCUMENT_COLUMNS} FROM imports CROSS JOIN instances
       ON instances.collection = imports.collection AND ${hasKey("imports.hash")}
     WHERE imports.collection = ? AND itype IS NOT NULL ORDER BY imports.hash`,
  ).all(id);
  const reader = new DocumentReader(prepare);
  return rows.map((row) => {
    const { _hash, sub_type, orgid, _sources } = reader.read([row])[0] as ImportedRaw;
    return { _hash, sub_type, orgid, _sources };
  });
}
