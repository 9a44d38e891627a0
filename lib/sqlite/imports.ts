import type { Instance } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import type { ImportedRaw } from "../tahoe/instances.ts";
import { parseJson } from "../tahoe/json.ts";
import type { OpenCollection } from "./collection.ts";
import { jsonColumn } from "./json_column.ts";
import { keyOf } from "./key.ts";

const DOCUMENT = `(${jsonColumn("document")})`;

/** Notes a Raw that was imported, and of which no event was made. */
export function noteImport({ prepare, id }: OpenCollection, instance: Instance): void {
  if (instance.itype !== "raw" || instanceFault(instance) !== undefined) return;
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
  return prepare(
    `SELECT json_object(
         '_hash', lower(hex(hash)),
         'sub_type', ${DOCUMENT} -> '$.sub_type',
         'orgid', ${DOCUMENT} -> '$.orgid',
         '_sources', ${DOCUMENT} -> '$._sources'
       ) AS raw
     FROM imports JOIN instances USING (collection, hash)
     WHERE collection = ? AND json_type(${DOCUMENT}, '$._sources') = 'array' ORDER BY hash`,
  ).all(id).map((row) => parseJson(String(row["raw"])) as unknown as ImportedRaw);
}
