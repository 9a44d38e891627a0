/** A row of a CSV text: its cells, or undefined if a quotation mark makes them unreadable. */
export type CsvRow = readonly string[] | undefined;

/** In characters: a quoted cell that is longer was more likely never closed. */
const MAX_CELL_LENGTH = 64 * 1024;

/** What stands between cells. */
export type CsvSeparator = "," | ";" | "\t" | "|";

/** How cells look between each separator. */
const CELLS = {
  ",": { after: /[^\S\n]*(?=[,\n]|$)/y, plain: /[^,\n]*/y },
  ";": { after: /[^\S\n]*(?=[;\n]|$)/y, plain: /[^;\n]*/y },
  "\t": { after: /[^\S\n\t]*(?=[\t\n]|$)/y, plain: /[^\t\n]*/y },
  "|": { after: /[^\S\n]*(?=[|\n]|$)/y, plain: /[^|\n]*/y },
} as const;

/**
 * The rows of a CSV text (RFC 4180) that are not blank, with blanks around cells removed. A cell is
 * quoted if it begins with a quotation mark; other cells may contain some. A row whose quoted cell is
 * not closed, or goes on after its end, costs nothing but its own line. A row of several lines must
 * have as many cells as the first row, so that two such rows are not taken for one.
 */
export function readCsv(text: string, separator: CsvSeparator = ","): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  let width: number | undefined;
  for (let at = 0; at < text.length;) {
    const lineEnd = endOfLine(text, at);
    const row = readRow(text, at, separator);
    const fits = row !== undefined && (row.end <= lineEnd || row.cells.length === width);
    const cells = fits ? row.cells : undefined;
    if (cells === undefined || cells.some((cell) => cell !== "")) {
      rows.push(cells);
      width ??= cells?.length;
    }
    at = 1 + (fits ? row.end : lineEnd);
  }
  return rows;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Reads the row at an index: its cells, and the index of the line feed that ends it. */
function readRow(text: string, start: number, separator: CsvSeparator) {
  const cells: string[] = [];
  for (let at = start;; at++) {
    const cell = readQuoted(text, at, separator) ?? readPlain(text, at, separator);
    if (cell === undefined) return undefined;
    cells.push(cell.value);
    at = cell.end;
    if (text[at] !== separator) return { cells, end: at };
  }
}

/** Reads a quoted cell, with the blanks around it; undefined if there is none or it is not closed. */
function readQuoted(text: string, start: number, separator: CsvSeparator) {
  const open = separator === "\t" ? /[^\S\n\t]*"/y : /[^\S\n]*"/y;
  open.lastIndex = start;
  if (!open.test(text)) return undefined;
  const limit = start + MAX_CELL_LENGTH;
  let close = text.indexOf('"', open.lastIndex);
  while (close >= 0 && close < limit && text[close + 1] === '"') {
    close = text.indexOf('"', close + 2);
  }
  if (close < 0 || close >= limit) return undefined;
  const { after } = CELLS[separator];
  after.lastIndex = close + 1;
  if (!after.test(text)) return undefined;
  const value = text.slice(open.lastIndex, close).replaceAll('""', '"');
  return { value, end: after.lastIndex };
}

/** Reads a cell without quotation marks around it; undefined if it begins with one. */
function readPlain(text: string, start: number, separator: CsvSeparator) {
  const { plain: cell } = CELLS[separator];
  cell.lastIndex = start;
  const value = cell.exec(text)![0].trim();
  return value.startsWith('"') ? undefined : { value, end: cell.lastIndex };
}
