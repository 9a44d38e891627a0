import { Fault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import type { OpenCollection } from "./collection.ts";
import { fromBytes } from "./document_bytes.ts";
import { removeImport } from "./imports.ts";
import { findRowToWrite, type InstanceRow } from "./instance_keys.ts";
import { ITYPES } from "./itypes.ts";
import { keyOf } from "./key.ts";
import { deleteAllLinks, deleteLinks, linkParent } from "./links.ts";
import { DocumentReader } from "./read_documents.ts";
import type { Prepare } from "./sqlite.ts";

/**
 * Removes a document with its links. Returns false if there is none. The row stays as long as
 * something refers to the hash; that of an attribute keeps its data, which parents take from there.
 */
export function removeDocument(collection: OpenCollection, hash: Hash): boolean {
  return removeKey(collection, keyOf(hash));
}

/** Removes the document under a key, whatever it contains: see {@link removeDocument}. */
export function removeKey(collection: OpenCollection, key: Uint8Array): boolean {
  const { prepare } = collection;
  const row = findRowToWrite(collection, key);
  if (row === undefined || row.itype === null) return false;
  const { id, itype } = row;
  if (itype === ITYPES.raw) removeImport(collection, key);
  const children = removeLinks(prepare, row);
  prepare(
    itype === ITYPES.attribute
      ? "UPDATE instances SET itype = NULL WHERE id = ?"
      : `UPDATE instances SET itype = NULL, organisation = NULL, template = NULL, document = NULL
         WHERE id = ?`,
  ).run(id);
  for (const each of [id, ...children]) removeUnused(prepare, each);
  return true;
}

/**
 * Removes the links from a document; returns the ids of its children. What a damaged document says
 * need not be what its links say: these are looked for in the whole table, which may take seconds.
 */
function removeLinks(prepare: Prepare, row: InstanceRow): readonly number[] {
  const [document] = new DocumentReader(prepare).readValues([row]);
  if (document instanceof Fault || instanceFault(document) !== undefined) {
    return deleteAllLinks(prepare, row.id);
  }
  const { references } = fromBytes(row.document!);
  deleteLinks(prepare, linkParent(document!, row.id, row.organisation ?? 0), references);
  return references;
}

/** Deletes the row of a hash under which nothing is stored, and to which nothing refers. */
function removeUnused(prepare: Prepare, id: number): void {
  prepare(
    `DELETE FROM instances WHERE id = :id AND itype IS NULL
       AND NOT EXISTS (SELECT 1 FROM links WHERE child = :id)`,
  ).run({ id });
}
