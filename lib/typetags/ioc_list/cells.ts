/**
 * The cells of a row of a table, without white space and quotes around them (RFC 4180). Undefined if
 * a quote is not closed, or other text follows it.
 */
export function splitCells(row: string, separator: string): readonly string[] | undefined {
  if (separator === "") return [row.trim()];
  if (!row.includes('"')) return row.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  while (at <= row.length) {
    const { cell, end } = readCellAt(row, at, separator);
    if (cell === undefined) return undefined;
    cells.push(cell);
    at = end + 1;
  }
  return cells;
}

type CellAt = { readonly cell: string | undefined; readonly end: number };

function readCellAt(row: string, start: number, separator: string): CellAt {
  let at = start;
  while (row[at] === " " || (row[at] === "\t" && separator !== "\t")) at++;
  if (row[at] === '"') return readQuoted(row, at + 1, separator);
  const next = row.indexOf(separator, at);
  const end = next < 0 ? row.length : next;
  return { cell: row.slice(at, end).trim(), end };
}

function readQuoted(row: string, start: number, separator: string): CellAt {
  let close = row.indexOf('"', start);
  // A quote inside a cell is doubled.
  while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
  if (close < 0) return { cell: undefined, end: row.length };
  let end = close + 1;
  while (row[end] === " " || (row[end] === "\t" && separator !== "\t")) end++;
  if (end < row.length && row[end] !== separator) return { cell: undefined, end };
  return { cell: row.slice(start, close).replaceAll('""', '"').trim(), end };
}

/** Tells whether a row ends inside a quoted cell, which goes on in the next line. */
export function isUnfinished(row: string): boolean {
  let quotes = 0;
  for (let at = row.indexOf('"'); at >= 0; at = row.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}
