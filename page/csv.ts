/** A field of a row; numbers are always our own. */
export type CsvField = string | number | undefined;

/** A table that can be exported, under the names of its columns. */
export type CsvTable = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvField[])[];
};

/** The first characters of what spreadsheets take for formulas, also in their full-width forms. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * Writes a table as CSV (RFC 4180). A string that a spreadsheet would take for a formula gets an
 * apostrophe in front, as in the exports of the command line.
 */
export function csvText({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((row) => row.map(csvField).join(",") + "\r\n").join("");
}

function csvField(field: CsvField): string {
  if (typeof field !== "string") return String(field ?? "");
  const safe = FORMULA.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
