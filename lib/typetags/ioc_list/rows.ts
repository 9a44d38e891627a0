import { isUnfinished, splitCells } from "./cells.ts";

/** Cells of a row, undefined if it is not one of the table. */
export type Row = readonly string[] | undefined;

/** Lines that the quoted cells of one row take, at most. */
const MAX_ROW_LINES = 20;

/** How lines are cut into cells, and how many there must be. */
export type TableShape = { readonly separator: string; readonly width: number };

/** Cuts lines into rows, undefined for those that are not of the table; a quoted cell may go on in the next lines. */
export function splitRows(lines: readonly string[], shape: TableShape): readonly Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const row = fit(line, shape);
    const more = row === undefined && isUnfinished(line) ? continued(lines, at, shape) : undefined;
    rows.push(more?.row ?? row);
    if (more !== undefined) at = more.end;
  }
  return rows;
}

function continued(
  lines: readonly string[],
  start: number,
  shape: TableShape,
): { readonly row: Row; readonly end: number } | undefined {
  let text = lines[start]!;
  for (let end = start + 1; end < Math.min(lines.length, start + MAX_ROW_LINES); end++) {
    text += `\n${lines[end]}`;
    if (isUnfinished(text)) continue;
    const row = fit(text, shape);
    return row && { row, end };
  }
  return undefined;
}

function fit(line: string, { separator, width }: TableShape): Row {
  const cells = splitCells(line, separator);
  if (cells?.length === width) return cells;
  // Some feeds end each row with the separator.
  return cells?.length === width + 1 && cells.at(-1) === "" ? cells.slice(0, width) : undefined;
}
