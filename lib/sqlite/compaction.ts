import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Fault } from "../tahoe/fault.ts";
import { DocumentWriter } from "./documents.ts";
import { itypeNumber } from "./itypes.ts";
import { readJsonColumn } from "./json_column.ts";
import type { Prepare } from "./sqlite.ts";

/** Called with the number of documents that were copied since the last call, and of all. */
export type OnCopied = (copied: number, total: number) => void;

const TABLES = `
  ALTER TABLE instances RENAME TO instances_as_json;
  ALTER TABLE links RENAME TO links_by_hash;

  -- What is left of documents without their values, as JSON: see skeleton.ts.
  CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    skeleton TEXT NOT NULL UNIQUE
  ) STRICT;

  -- Every hash that is stored, or that something stored refers to.
  CREATE TABLE instances (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    hash BLOB NOT NULL,
    -- A number: see itypes.ts. Null if nothing is stored under the hash.
    itype INTEGER,
    -- Of an event.
    organisation INTEGER,
    -- The form of the document; null if it is part of it.
    template INTEGER,
    -- References and values: see document_bytes.ts. Null if nothing is, or was, stored.
    document BLOB
  ) STRICT;
  -- Whole hashes, all over the index, would triple what is written.
  CREATE INDEX instances_by_hash ON instances (collection, substr(hash, -6));
  CREATE INDEX raws_by_hash ON instances (collection, hash) WHERE itype = 4;

  -- Who refers to whom. The key answers "which events of these organisations, in this time, hold
  -- this attribute" without a look at the documents. Only events have an organisation and a time;
  -- others have 0. A time that is not a number is -Infinity, before every bound.
  CREATE TABLE links (
    child INTEGER NOT NULL,
    itype INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    timestamp REAL NOT NULL,
    parent INTEGER NOT NULL,
    -- Sum of 1 for _cref, 2 for _ref, 4 for _ben_ref, 8 for _mal_ref, and 16 times the category.
    sets INTEGER NOT NULL,
    PRIMARY KEY (child, itype, organisation, timestamp DESC, parent)
  ) STRICT, WITHOUT ROWID;
`;

const TRIGGERS = `
  CREATE TRIGGER instances_changed AFTER UPDATE ON instances
    WHEN old.itype IN (1, 2) OR new.itype IN (1, 2)
    BEGIN
      UPDATE collections SET changes = changes + 1 WHERE id IN (old.collection, new.collection);
    END;
  CREATE TRIGGER instances_removed AFTER DELETE ON instances
    WHEN old.itype IN (1, 2)
    BEGIN
      UPDATE collections SET changes = changes + 1 WHERE id = old.collection;
    END;
`;

/** Documents, and characters of JSON, that are read at once. */
const PAGE = 1000;
const PAGE_CHARACTERS = 8_388_608;

const SELECT_PAGE = `
  WITH
    page AS (
      SELECT id, octet_length(document) AS size FROM instances_as_json
      WHERE id > ? ORDER BY id LIMIT ${PAGE}
    ),
    sums AS (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM page)
  SELECT id, collection, hash, itype, document FROM sums JOIN instances_as_json USING (id)
  WHERE before < ${PAGE_CHARACTERS} ORDER BY id`;

/** Takes over the documents of a file of version 6, in which they are JSON, even damaged ones. */
export function compact(db: DatabaseSync, onCopied: OnCopied): void {
  db.exec(TABLES);
  const { total } = db.prepare("SELECT count(*) AS total FROM instances_as_json").get()!;
  const prepare = preparer(db);
  for (let last = 0;;) {
    const rows = prepare(SELECT_PAGE).all(last);
    if (rows.length === 0) break;
    copyPage(prepare, rows);
    last = Number(rows.at(-1)!["id"]);
    onCopied(rows.length, Number(total));
  }
  db.exec("DROP TABLE links_by_hash; DROP TABLE instances_as_json;");
  db.exec(TRIGGERS);
}

function copyPage(prepare: Prepare, rows: readonly Record<string, unknown>[]): void {
  const writers = new Map<number, DocumentWriter>();
  for (const row of rows) {
    const id = Number(row["collection"]);
    const writer = writers.get(id) ?? new DocumentWriter({ prepare, id });
    writers.set(id, writer);
    const key = row["hash"] as Uint8Array;
    const document = readJsonColumn(row, "document");
    if (document instanceof Fault) {
      writer.keep(key, itypeNumber(row["itype"]), readText(prepare, Number(row["id"])));
    } else {
      writer.restore(key, document);
    }
  }
}

/** The bytes of what is not JSON: node:sqlite reads a text only up to its first NUL. */
function readText(prepare: Prepare, id: number): Uint8Array {
  const row = prepare("SELECT CAST(document AS BLOB) AS bytes FROM instances_as_json WHERE id = ?")
    .get(id);
  return row!["bytes"] as Uint8Array;
}

function preparer(db: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}
