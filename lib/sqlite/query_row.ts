import { Buffer } from "node:buffer";
import { Fault, isObject, typeName } from "../tahoe/fault.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import type { QuarantinedQuery } from "../tdql/inbox.ts";
import { type QueryDocument, readQueryDocument } from "../tdql/query_document.ts";
import { countColumn, END_OF_TIME, readJsonColumn } from "./json_column.ts";
import { hasKey, keyOf } from "./key.ts";
import { documentColumns, DocumentReader } from "./read_documents.ts";
import type { Prepare, Row } from "./sqlite.ts";

/** Whether the last attempt at a query ended without a word. */
export const IS_SUSPECT = `coalesce(${
  countColumn("queries.attempts")
} > 0 AND reason_attempt IS NOT queries.attempts, 0)`;

/** The document of a query, if there is one. */
export const QUERY_DOCUMENT = `
  LEFT JOIN instances ON instances.collection = queries.collection
    AND ${hasKey("queries.hash")} AND itype IS NOT NULL`;

/** Bytes, unpacked, beyond which a query is not worked on. */
const MAX_QUERY_BYTES = 2 ** 22;

/** Bytes of what is stored of a query beside its attributes, of which its question is one. */
const MAX_BYTES_BESIDE = 2 ** 16;

/** Columns of a query's document that {@link readQueryDocuments} needs. */
export const BOUNDED_DOCUMENT = documentColumns("instances", MAX_BYTES_BESIDE);

/** Reads documents of queries, one after the other: each may hold as much as its question may. */
export function* readQueryDocuments(
  prepare: Prepare,
  rows: readonly Row[],
): Generator<Value | Fault> {
  for (const row of rows) {
    const reader = new DocumentReader(prepare, { maxBytes: MAX_QUERY_BYTES });
    yield reader.readValues([row])[0]!;
  }
}

/** Columns from which {@link readQueryRows} reads queries, whatever they contain. */
export const QUERY_COLUMNS = `
  queries.hash AS key, ${countColumn("queries.attempts")} AS attempts, ${IS_SUSPECT} AS suspect,
  free_at >= ${END_OF_TIME} AS endless, ${BOUNDED_DOCUMENT},
  CASE WHEN reason_attempt = queries.attempts THEN reason END AS reason`;

/** A query that may be claimed. */
export type QueryRow = {
  /** Its key in hex digits. */
  readonly name: string;
  readonly kind: "sound" | "damaged";
  readonly key: Uint8Array;
  readonly hash: Hash;
  /** Claims so far; 0 if they cannot be read. */
  readonly attempts: number;
  readonly suspect: boolean;
  /** Why its last attempt failed. */
  readonly reason?: string;
  /** What is wrong with it, so that it can only fail. */
  readonly fault?: Fault;
};

/** A query to which no report can be tied, and why. */
export type FaultyQueryRow = {
  readonly name: string;
  readonly kind: "quarantined";
  readonly key: Uint8Array;
  readonly unreadable: Fault;
};

/** Reads what claims need of queries. */
export function readQueryRows(
  prepare: Prepare,
  rows: readonly Row[],
): (QueryRow | FaultyQueryRow)[] {
  return readQueryDocuments(prepare, rows).map((document, i) => readQueryRow(rows[i]!, document))
    .toArray();
}

function readQueryRow(row: Row, fields: Value | Fault): QueryRow | FaultyQueryRow {
  const key = row["key"] as Uint8Array;
  const name = keyName(key);
  const document = readDocument(key, fields);
  if (document instanceof Fault) return { name, kind: "quarantined", key, unreadable: document };
  const fault = leaseFault(row) ?? document.fault;
  const reason = row["reason"] === null ? undefined : readJsonColumn(row, "reason");
  return {
    name,
    kind: fault === undefined ? "sound" : "damaged",
    key,
    hash: document.hash,
    attempts: Number(row["attempts"] ?? 0),
    suspect: row["suspect"] === 1,
    ...(typeof reason === "string" && { reason }),
    ...(fault !== undefined && { fault }),
  };
}

function readDocument(key: Uint8Array, fields: Value | Fault): QueryDocument | Fault {
  if (fields instanceof Fault) return fields;
  if (!isObject(fields)) return new Fault("document is not an object");
  const document = readQueryDocument(fields);
  return document instanceof Fault || Buffer.from(key).equals(keyOf(document.hash))
    ? document
    : new Fault("_hash is not the hash under which it is stored");
}

/** The key of a query as people see it. */
export function keyName(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}

function leaseFault(row: Row): Fault | undefined {
  if (row["attempts"] === null) return new Fault("attempts is not a count");
  return row["endless"] === 1 ? new Fault("free_at is not a time in seconds") : undefined;
}

/** The query of a document; undefined if it cannot be read. */
export function readQuery(fields: Value | Fault): TahoeObject | undefined {
  if (fields instanceof Fault || !isFields(fields)) return undefined;
  return readQueryDocument(fields) instanceof Fault ? undefined : fields as unknown as TahoeObject;
}

/** A query in quarantine, with the columns `key` and `reason`, and its document. */
export function toQuarantinedQuery(row: Row, document: Value | Fault): QuarantinedQuery {
  const reason = readJsonColumn(row, "reason");
  const fields: Fields = !(document instanceof Fault) && isFields(document) ? document : {};
  const types = Object.entries(fields).map(([name, value]) => [name, typeName(value)]);
  return {
    id: keyName(row["key"] as Uint8Array),
    hash: typeof fields["_hash"] === "string" ? fields["_hash"] : null,
    reason: typeof reason === "string" ? reason : "its status is none of a query",
    fields: Object.fromEntries(types),
  };
}
