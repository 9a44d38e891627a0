import { readAdblockLine } from "../typetags/ioc_list/adblock.ts";
import { splitCells } from "../typetags/ioc_list/cells.ts";
import { readerByName } from "../typetags/ioc_list/columns.ts";
import { type Row, splitRows, type TableShape } from "../typetags/ioc_list/rows.ts";
import { readCell } from "../typetags/ioc_list/scan.ts";
import { isSeparator, SEPARATORS, usualWidth } from "../typetags/ioc_list/table.ts";
import { lineIndicators } from "./line_indicators.ts";
import type { CellRow } from "./read_cells.ts";

/** A table in a text. */
export type TextTable = {
  readonly rows: readonly CellRow[];
  readonly separator: string;
  /** Lines that do not have the columns of the table. */
  readonly others: readonly string[];
};

/**
 * Reads lines as a table: two thirds of them have the same number of cells, and some cells are
 * indicators and nothing else. The names of the columns are in the first line, or in a comment before
 * it; a column without a name is called by its number. Undefined for other texts.
 */
export function readTable(
  lines: readonly string[],
  comments: readonly string[],
): TextTable | undefined {
  if (lines.length < 2 || areRules(lines)) return undefined;
  for (const separator of SEPARATORS) {
    const width = usualWidth(lines, separator);
    if (width < 2) continue;
    // URLs may hold the separator, but where columns have names, it separates.
    const above = commentNames(comments, { separator, width });
    const isNamed = isHeader(splitCells(lines[0]!, separator), width) || isHeader(above, width);
    if (!isNamed && !isSeparator(lines, separator)) continue;
    const rows = splitRows(lines, { separator, width });
    const good = rows.filter((row) => row !== undefined);
    if (good.length * 3 < rows.length * 2 || !holdIndicators(rows) || areFields(good)) continue;
    const [first] = rows;
    const isHead = first?.every((cell) => readCell(cell).length === 0) === true;
    const names = isHead ? first : above;
    const body = isHead ? good.slice(1) : good;
    const others = lines.filter((line) => splitRows([line], { separator, width })[0] === undefined);
    return { rows: body.map((row) => toRow(names, row)), separator, others };
  }
  return undefined;
}

/**
 * Tells whether cells are indicators, or hold some below a row of names: a column of messages. Where
 * lines do not all have the same cells, they are text.
 */
function holdIndicators(rows: readonly Row[]): boolean {
  const good = rows.filter((row) => row !== undefined);
  if (good.some((row) => row.some((cell) => readCell(cell).length > 0))) return true;
  const [names, ...body] = good;
  return good.length === rows.length &&
    names?.every((name) => /^[\w .-]{1,40}$/.test(name)) === true &&
    names.every((name) => lineIndicators(name).length === 0) &&
    body.some((row) => row.some((cell) => lineIndicators(cell).length > 0));
}

/** Tells whether cells name columns, one of indicators among them. */
function isHeader(cells: readonly string[] | undefined, width: number): boolean {
  return cells?.length === width && readerByName(cells) !== undefined &&
    cells.every((name) => readCell(name).length === 0);
}

/** Tells whether rows are names and values, as in a form: `Source Port:`, `443`. */
function areFields(rows: readonly (readonly string[])[]): boolean {
  return rows.filter(([name = ""]) => name.endsWith(":")).length * 2 >= rows.length;
}

/** Adblock rules contain separators of tables. */
function areRules(lines: readonly string[]): boolean {
  return lines.filter((line) => readAdblockLine(line) !== undefined).length * 2 >= lines.length;
}

/** What stands before names of columns in a comment; `#fields` is Zeek's. */
const MARK = /^\s*(?:#|\/\/|;)+\s*(?:fields\t)?/;

function commentNames(
  comments: readonly string[],
  { separator, width }: TableShape,
): readonly string[] {
  return comments.map((line) => splitCells(line.replace(MARK, ""), separator))
    .findLast((cells) => cells?.length === width) ?? [];
}

function toRow(names: readonly string[], cells: readonly string[]): CellRow {
  const row = new Map<string, string>();
  for (const [index, cell] of cells.entries()) {
    const name = names[index] || `column ${index + 1}`;
    row.set(row.has(name) ? `${name} (column ${index + 1})` : name, cell);
  }
  return row;
}
