import type { Hash } from "../tahoe/instance.ts";
import type { OpenCollection } from "./collection.ts";
import { fromBytes } from "./document_bytes.ts";
import { removeImport } from "./imports.ts";
import { findRow } from "./instance_keys.ts";
import { ITYPES } from "./itypes.ts";
import { keyOf } from "./key.ts";
import { deleteLinks, linkParent } from "./links.ts";
import { DocumentReader } from "./read_documents.ts";
import type { Prepare } from "./sqlite.ts";

/**
 * Removes a document with its links. Returns false if there is none. The row stays as long as
 * something refers to the hash; that of an attribute keeps its data, which parents take from there.
 */
export function removeDocument(collection: OpenCollection, hash: Hash): boolean {
  const { prepare } = collection;
  const row = findRow(collection, keyOf(hash));
  if (row === undefined || row.itype === null) return false;
  const { id, itype, organisation, document } = row;
  const children = fromBytes(document!).references;
  const [instance] = new DocumentReader(prepare).read([row]);
  removeImport(collection, instance!);
  deleteLinks(prepare, linkParent(instance!, id, organisation ?? 0), children);
  prepare(
    itype === ITYPES.attribute
      ? "UPDATE instances SET itype = NULL WHERE id = ?"
      : `UPDATE instances SET itype = NULL, organisation = NULL, template = NULL, document = NULL
         WHERE id = ?`,
  ).run(id);
  for (const each of [id, ...children]) removeUnused(prepare, each);
  return true;
}

/** Deletes the row of a hash under which nothing is stored, and to which nothing refers. */
function removeUnused(prepare: Prepare, id: number): void {
  prepare(
    `DELETE FROM instances WHERE id = :id AND itype IS NULL
       AND NOT EXISTS (SELECT 1 FROM links WHERE child = :id)`,
  ).run({ id });
}
