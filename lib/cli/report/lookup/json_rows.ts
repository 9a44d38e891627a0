import { type CountedRange, type LookupRow, rowFields } from "../../../answers/lookup_row.ts";
import { jsonLine } from "../../../json_text.ts";

/** Writes rows as JSON Lines. */
export function writeJsonRows(rows: readonly LookupRow[], range: CountedRange): string {
  return rows.map((row) => jsonLine(rowFields(row, range)) + "\n").join("");
}
