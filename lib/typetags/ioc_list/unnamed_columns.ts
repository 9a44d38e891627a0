import { END_COLUMN, plainName, START_COLUMN } from "./column_names.ts";
import { isOtherColumn, readerByName, unreadColumn } from "./columns.ts";
import { countSkipped, type ListReading } from "./reading.ts";
import type { Row } from "./rows.ts";
import { readCell } from "./scan.ts";
import { unreadColumns } from "./unread_columns.ts";

/** Rows that are looked at. */
const SAMPLE = 1000;

/** Counts the columns of a table that hold nothing but indicators, but are not called so. */
export function countUnnamed(
  reading: ListReading,
  { names, rows }: { readonly names: readonly string[]; readonly rows: readonly Row[] },
): void {
  const sample = rows.slice(0, SAMPLE).filter((row) => row !== undefined);
  const counted = unreadColumns(names);
  names.forEach((name, column) => {
    if (counted.has(name) || hasReader(name) || !sample.some((cells) => cells[column] !== "")) {
      return;
    }
    const areIndicators = sample.every((cells) => {
      const cell = cells[column] ?? "";
      return cell === "" || readCell(cell).length > 0;
    });
    if (!areIndicators) return;
    const why = isOtherColumn(name) ? "not to be looked for" : "no name of indicators";
    const [what = `column ${name || column + 1}: ${why}`] = unreadColumn(name)?.unread ?? [];
    countSkipped(reading.skipped, what);
  });
}

/** Whether a column is read because of its name. */
function hasReader(name: string): boolean {
  const plain = plainName(name);
  return START_COLUMN.test(plain) || END_COLUMN.test(plain) ||
    readerByName([name]) !== undefined;
}
