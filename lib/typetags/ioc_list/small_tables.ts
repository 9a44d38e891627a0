import { splitCells } from "./cells.ts";
import { isOtherColumn, readerByName } from "./columns.ts";
import { readerByContent } from "./content.ts";
import type { ListReading } from "./reading.ts";
import { readCell } from "./scan.ts";
import { isSeparator, readTable, SEPARATORS, withCountries } from "./table.ts";

/** Reads lines as a table of single words with single blanks between them, below their names. */
export function readWordTable(lines: readonly string[]): ListReading | undefined {
  const [header = [], ...rest] = lines.map((line) => line.trim().split(/\s+/));
  if (rest.length === 0 || rest.some((words) => words.length !== header.length)) return undefined;
  const isNamed = header.length > 2 || isOtherColumn(header[1] ?? "");
  if (!isNamed || !header.every((name) => /^[\w-]{1,40}$/.test(name))) return undefined;
  const reader = readerByName(withCountries(header, rest));
  return reader && readTable(rest, reader);
}

/** Cells that tell about an indicator: a date, a number, a word. */
const ABOUT_CELL = /^(?:\d{4}-\d\d-\d\d\S*(?: [\d:.]+)?|\/?\d+|[A-Za-z_-]{2,30}|)$/;

/**
 * Reads a single line as a row of a table: an indicator or date in the first cell, and a date, number
 * or word in another, so that names, URLs and mail addresses in the others tell about it.
 */
export function readRow(lines: readonly string[]): ListReading | undefined {
  const [line = "", ...more] = lines;
  if (more.length > 0) return undefined;
  for (const separator of SEPARATORS) {
    const cells = isSeparator([line], separator) ? splitCells(line, separator) ?? [] : [];
    const [first = ""] = cells;
    const isRow = cells.length > 2 && (/^\d{4}-/.test(first) || readCell(first).length > 0) &&
      cells.every((cell) => ABOUT_CELL.test(cell) || readCell(cell).length > 0) &&
      cells.some((cell) => cell !== "" && ABOUT_CELL.test(cell));
    if (isRow) return readTable([cells], readerByContent([cells], undefined));
  }
  return undefined;
}
