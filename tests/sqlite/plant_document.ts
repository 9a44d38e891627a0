import { Buffer } from "node:buffer";
import type { DatabaseSync } from "node:sqlite";
import { DocumentWriter } from "../../lib/sqlite/documents.ts";
import { findRow } from "../../lib/sqlite/instance_keys.ts";
import { readJsonColumn } from "../../lib/sqlite/json_column.ts";
import { DocumentReader } from "../../lib/sqlite/read_documents.ts";
import { removeKey } from "../../lib/sqlite/remove_document.ts";
import { Fault } from "../../lib/tahoe/fault.ts";
import { writeJson } from "../../lib/tahoe/json.ts";

/**
 * Changes a stored document as a hand would: an SQL expression makes the new one of its JSON, which
 * is called `document`. What is not JSON is kept as a migration keeps it.
 */
export function plantDocument(db: DatabaseSync, key: Uint8Array, expression: string): void {
  const prepare = (sql: string) => db.prepare(sql);
  const { collection } = prepare("SELECT collection FROM instances WHERE hash = ?").get(key)!;
  const open = { prepare, id: Number(collection) };
  const row = findRow(open, key)!;
  const [before] = new DocumentReader(prepare).readValues([row]);
  const changed = prepare(`SELECT ${expression} AS document FROM (SELECT ? AS document)`)
    .get(before instanceof Fault ? "" : writeJson(before!))!;
  const document = readJsonColumn(changed, "document");
  removeKey(open, key);
  const writer = new DocumentWriter(open);
  if (document instanceof Fault) {
    writer.keep(key, Number(row.itype), Buffer.from(String(changed["document"])));
  } else {
    writer.restore(key, document);
  }
}
