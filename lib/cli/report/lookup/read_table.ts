import { readAdblockLine } from "../../../typetags/ioc_list/adblock.ts";
import { splitCells } from "../../../typetags/ioc_list/cells.ts";
import { splitRows } from "../../../typetags/ioc_list/rows.ts";
import { readCell } from "../../../typetags/ioc_list/scan.ts";
import { isSeparator, SEPARATORS, usualWidth } from "../../../typetags/ioc_list/table.ts";
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
    if (width < 2 || !isSeparator(lines, separator)) continue;
    const rows = splitRows(lines, { separator, width });
    const good = rows.filter((row) => row !== undefined);
    const hasIndicators = good.some((row) => row.some((cell) => readCell(cell).length > 0));
    if (good.length * 3 < rows.length * 2 || !hasIndicators) continue;
    const [first] = rows;
    const isHeader = first?.every((cell) => readCell(cell).length === 0) === true;
    const names = isHeader ? first : commentNames(comments, { separator, width });
    const body = isHeader ? good.slice(1) : good;
    const others = lines.filter((line) => splitRows([line], { separator, width })[0] === undefined);
    return { rows: body.map((row) => toRow(names, row)), separator, others };
  }
  return undefined;
}

/** Adblock rules contain separators of tables. */
function areRules(lines: readonly string[]): boolean {
  return lines.filter((line) => readAdblockLine(line) !== undefined).length * 2 >= lines.length;
}

function commentNames(
  comments: readonly string[],
  { separator, width }: { readonly separator: string; readonly width: number },
): readonly string[] {
  return comments.map((line) => splitCells(line.replace(/^\s*(?:#|\/\/|;)+\s*/, ""), separator))
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
