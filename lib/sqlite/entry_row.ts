import type { Claim } from "../lake/lake.ts";
import { Fault, fieldFault, isObject } from "../tahoe/fault.ts";
import { type Fields, isFields } from "../tahoe/value.ts";
import { boundedColumn, countColumn, MAX_INTEGER, readJsonColumn } from "./json_column.ts";
import type { Row } from "./sqlite.ts";

/** Columns from which {@link readEntryRow} reads an entry, whatever they contain. */
export const ENTRY_COLUMNS = `
  CAST(id AS TEXT) AS id, typeof(id) = 'integer' AND id BETWEEN 1 AND ${MAX_INTEGER} AS named,
  ${countColumn("attempts")} AS attempts, ${boundedColumn("upload")} AS upload,
  ${boundedColumn("entries.refs")} AS refs,
  CASE WHEN reason_attempt = attempts THEN ${boundedColumn("reason")} END AS reason`;

/** An entry that may be claimed. */
export type EntryRow = {
  readonly id: string;
  /** Claims of this entry so far. */
  readonly attempts: number;
  /** Why its last attempt failed. */
  readonly reason?: string;
  readonly entry: Claim["entry"];
};

/** An entry that cannot be claimed, and why. */
export type FaultyRow = { readonly id: string; readonly fault: Fault };

/** Reads what claims need of an unfinished entry. */
export function readEntryRow(row: Row): EntryRow | FaultyRow {
  const id = String(row["id"]);
  const upload = readJsonColumn(row, "upload");
  const refs = readJsonColumn(row, "refs");
  if (row["named"] !== 1) return { id, fault: new Fault("id is not a whole number up to 2^53") };
  if (row["attempts"] === null) return { id, fault: new Fault("attempts is not a count") };
  if (upload instanceof Fault) return { id, fault: upload };
  if (refs instanceof Fault) return { id, fault: refs };
  if (!isObject(upload)) return { id, fault: fieldFault("upload", upload, "an object") };
  if (!Array.isArray(refs)) return { id, fault: fieldFault("refs", refs, "a list") };
  const reason = row["reason"] === null ? undefined : readJsonColumn(row, "reason");
  return {
    id,
    attempts: Number(row["attempts"]),
    ...(typeof reason === "string" && { reason }),
    entry: { ...upload, processed: false, ...(refs.length > 0 && { _ref: refs }) },
  };
}

/** The fields of the upload of a listed entry; none if they cannot be read, or are too large. */
export function readUpload(row: Row): Fields {
  const upload = readJsonColumn(row, "upload");
  return !(upload instanceof Fault) && isFields(upload) ? upload : {};
}
