import { Buffer } from "node:buffer";
import { Fault, isObject, typeName } from "../tahoe/fault.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import { type Fields, isFields } from "../tahoe/value.ts";
import type { QuarantinedQuery } from "../tdql/inbox.ts";
import { readQueryDocument } from "../tdql/query_document.ts";
import { countColumn, END_OF_TIME, readJsonColumn } from "./json_column.ts";
import { keyOf } from "./key.ts";
import type { Row } from "./sqlite.ts";

/** Whether the last attempt at a query ended without a word. */
export const IS_SUSPECT = `coalesce(${
  countColumn("queries.attempts")
} > 0 AND reason_attempt IS NOT queries.attempts, 0)`;

/** Columns from which {@link readQueryRow} reads a query, whatever they contain. */
export const QUERY_COLUMNS = `
  queries.hash AS key, ${countColumn("queries.attempts")} AS attempts, ${IS_SUSPECT} AS suspect,
  free_at >= ${END_OF_TIME} AS endless, document,
  CASE WHEN reason_attempt = queries.attempts THEN reason END AS reason`;

/** A query that may be claimed. */
export type QueryRow = {
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
export type FaultyQueryRow = { readonly key: Uint8Array; readonly unreadable: Fault };

/** Reads what claims need of a query. */
export function readQueryRow(row: Row): QueryRow | FaultyQueryRow {
  const key = row["key"] as Uint8Array;
  const fields = readJsonColumn(row, "document");
  if (fields instanceof Fault) return { key, unreadable: fields };
  if (!isObject(fields)) return { key, unreadable: new Fault("document is not an object") };
  const document = readQueryDocument(fields);
  if (document instanceof Fault) return { key, unreadable: document };
  if (!Buffer.from(key).equals(keyOf(document.hash))) {
    return { key, unreadable: new Fault("_hash is not the hash under which it is stored") };
  }
  const fault = leaseFault(row) ?? document.fault;
  const reason = row["reason"] === null ? undefined : readJsonColumn(row, "reason");
  return {
    key,
    hash: document.hash,
    attempts: Number(row["attempts"] ?? 0),
    suspect: row["suspect"] === 1,
    ...(typeof reason === "string" && { reason }),
    ...(fault !== undefined && { fault }),
  };
}

function leaseFault(row: Row): Fault | undefined {
  if (row["attempts"] === null) return new Fault("attempts is not a count");
  return row["endless"] === 1 ? new Fault("free_at is not a time in seconds") : undefined;
}

/** The query in a row with the column `document`; undefined if it cannot be read. */
export function readQuery(row: Row): TahoeObject | undefined {
  const fields = readJsonColumn(row, "document");
  if (fields instanceof Fault || !isFields(fields)) return undefined;
  return readQueryDocument(fields) instanceof Fault ? undefined : fields as unknown as TahoeObject;
}

/** A query in quarantine, in a row with the columns `key`, `reason` and `document`. */
export function toQuarantinedQuery(row: Row): QuarantinedQuery {
  const document = readJsonColumn(row, "document");
  const reason = readJsonColumn(row, "reason");
  const fields: Fields = !(document instanceof Fault) && isFields(document) ? document : {};
  const types = Object.entries(fields).map(([name, value]) => [name, typeName(value)]);
  return {
    id: Buffer.from(row["key"] as Uint8Array).toString("hex"),
    hash: typeof fields["_hash"] === "string" ? fields["_hash"] : null,
    reason: typeof reason === "string" ? reason : "its status is none of a query",
    fields: Object.fromEntries(types),
  };
}
