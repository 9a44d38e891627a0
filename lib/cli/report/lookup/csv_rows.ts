import { stringify } from "csv-stringify/sync";
import { printable } from "../../../printable.ts";
import type { Cell } from "../../table.ts";
import { isoTime } from "../../../answers/export/iso_time.ts";
import { valueText } from "../../../answers/value_text.ts";
import {
  type CountedRange,
  isUnread,
  type LookupRow,
  nameText,
} from "../../../answers/lookup_row.ts";

/** A row of CSV by the names of its columns; null is an empty field. */
type CsvRow = { readonly [column in typeof COLUMNS[number]]: Cell };

const COLUMNS = [
  "value",
  "sub_type",
  "data",
  "found",
  "events",
  "malicious",
  "benign",
  "unknown",
  "first_seen",
  "last_seen",
  "organisations",
  "threatrank",
  "flags",
  "reason",
  "from",
  "to",
  "outside",
  "within",
  "addresses",
  "advice",
] as const;

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as CsvRow;

/** Writes the names of the columns of {@link writeCsvRows}. */
export function writeCsvHead(): string {
  return writeCsv([COLUMNS]);
}

/**
 * Writes rows as CSV (RFC 4180), without a header. A string that a spreadsheet would take for a
 * formula gets an apostrophe in front. Control characters are written as `\u001b`.
 */
export function writeCsvRows(rows: readonly LookupRow[], range: CountedRange): string {
  return writeCsv(rows.map((row) => {
    const fields = toCsvRow(row, range);
    return COLUMNS.map((column) => fields[column]);
  }));
}

function toCsvRow(row: LookupRow, { start, end }: CountedRange): CsvRow {
  const question = { ...EMPTY, value: row.value, from: timeOf(start), to: timeOf(end) };
  if (isUnread(row)) return { ...question, reason: row.reason };
  const { asked, found, organisations, outside, rank, sightings, within, addresses, advice } = row;
  const { events, malicious, benign, unknown, first, last } = sightings;
  return {
    ...question,
    sub_type: asked.subType,
    data: valueText(asked.data),
    found: found.map(nameText).join("; "),
    events,
    malicious,
    benign,
    unknown,
    first_seen: timeOf(first),
    last_seen: timeOf(last),
    organisations: organisations.join(" "),
    threatrank: rank?.rank ?? null,
    flags: rank?.flags.join(" ") ?? null,
    within: within.map(nameText).join("; "),
    addresses: addresses.map(nameText).join("; "),
    advice: advice ?? null,
    outside: outside > 0 ? outside : null,
  };
}

function timeOf(seconds: number | null): string | null {
  return seconds !== null && Number.isFinite(seconds) ? isoTime(seconds) : null;
}

function writeCsv(rows: readonly (readonly Cell[])[]): string {
  const escaped = rows.map((row) =>
    row.map((cell) => typeof cell === "string" ? printable(cell) : cell)
  );
  // Leaves negative numbers alone.
  return stringify(escaped, { record_delimiter: "windows", escape_formulas: true });
}
