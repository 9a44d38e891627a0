import { isAsNumber } from "./as_numbers.ts";
import { splitCells } from "./cells.ts";
import { readerByName, type TableReader, unreadColumn } from "./columns.ts";
import { readerByContent } from "./content.ts";
import { inventoryOf } from "./inventory.ts";
import type { TextRecord } from "./json_table.ts";
import { splitLastCell } from "./last_cell.ts";
import { withoutLinkTexts } from "./link_texts.ts";
import type { PageTable } from "./page_tables.ts";
import { isReferenceLine } from "./labels.ts";
import { NUMBERING, withoutComment } from "./prose.ts";
import { addLine, countSkipped, type ListReading } from "./reading.ts";
import { type Row, splitRows } from "./rows.ts";
import { readCell, scan } from "./scan.ts";
import { countUnnamed } from "./unnamed_columns.ts";

export const SEPARATORS = [",", ";", "\t", "|"] as const;

/** Lines before the header, such as the title of a sheet, at most. */
const TITLE_LINES = 4;

/** Rows that are looked at to find the column of the indicators. */
const SAMPLE = 1000;

/**
 * Reads lines as a table whose header names the columns of the indicators: one of the first lines, or
 * a comment before them. Undefined if there is no such header, or half of the lines do not agree with it.
 */
export function readNamedTable(
  lines: readonly string[],
  comments: readonly string[],
): ListReading | undefined {
  const [first, ...more] = lines.slice(0, 1 + TITLE_LINES);
  if (first === undefined) return undefined;
  const headers = [
    { line: first, start: 1 },
    ...comments.toReversed().map((line) => ({ line, start: 0 })),
    ...more.map((line, index) => ({ line, start: index + 2 })),
  ];
  for (const { line, start } of headers) {
    for (const separator of SEPARATORS) {
      const names = line.includes(separator) ? headerNames(line, separator) : undefined;
      if (names === undefined || readerByName(names) === undefined) continue;
      const rows = rowsBelow(names, lines.slice(start), separator);
      const reader = readerByName(withCountries(names, rows));
      const good = rows.filter((row) => row !== undefined).length;
      if (reader === undefined || good === 0 || good * 2 < rows.length) continue;
      const reading = readTable(rows, reader);
      countUnnamed(reading, { names, rows });
      countSkipped(reading.skipped, "line without an indicator", start - 1);
      return withKind(reading, names);
    }
  }
  return undefined;
}

/**
 * The rows below a header. If none has its cells, and of all columns only the first names an
 * indicator, those with more cells are rows, too: what the other columns hold has separators in it.
 */
function rowsBelow(
  names: readonly string[],
  lines: readonly string[],
  separator: string,
): readonly Row[] {
  const width = names.length;
  const rows = splitRows(lines, { separator, width });
  const isFirstOnly = readerByName(names.slice(1)) === undefined;
  if (!isFirstOnly || rows.some((row) => row !== undefined)) return rows;
  return lines.map((line) => {
    const cells = splitCells(line, separator) ?? [];
    const isRow = cells.length > width && readCell(cells[0]!).length > 0;
    return isRow ? cells.slice(0, width) : undefined;
  });
}

/** The names of columns, where `cc` is not a server that gives commands but a country in all rows. */
export function withCountries(names: readonly string[], rows: readonly Row[]): readonly string[] {
  return names.map((name, column) => {
    const isCountry = /^cc$/i.test(name) &&
      rows.every((row) => row === undefined || /^(?:[a-z]{2}|-|)$/i.test(row[column]!));
    return isCountry ? "country" : name;
  });
}

/** Names of columns; undefined for lines of prose. */
function headerNames(line: string, separator: string): readonly string[] | undefined {
  const cells = splitCells(line, separator);
  // `# Format: name|ip`, `#fields: a,b`
  const [head = "", ...rest] = cells ?? [];
  const given = [head.replace(/^.*:\s*/, ""), ...rest];
  // A separator may stand behind the last name, and behind most rows.
  const names = given.length > 2 && given.at(-1) === "" ? given.slice(0, -1) : given;
  const isName = (cell: string) => cell.length <= 40 && readCell(cell).length === 0;
  // A URL may have parts that are called as columns are, and a label or scheme before it.
  const hasIndicator = cells?.some((cell) => readCell(cell).length > 0);
  return hasIndicator === false && names.every(isName) ? names : undefined;
}

/** Reads lines as a table whose columns stand apart by two blanks or more, below their names. */
export function readSpacedTable(
  lines: readonly string[],
  comments: readonly string[],
): ListReading | undefined {
  if (!/\S {2,}\S/.test(lines[0] ?? "")) return undefined;
  const tabs = (text: string) => text.trim().replaceAll(/ {2,}|\t+/g, "\t");
  return readNamedTable(lines.map(tabs), comments.map(tabs));
}

/** Reads the rows of a table in a page. */
export function readRows({ header, rows }: PageTable): ListReading {
  return readByHeader(header, rows.map((row) => row.length === header.length ? row : undefined));
}

/** Reads lines as one column whose first line is its name, such as `imphash` or `domain`. */
export function readNamedColumn(lines: readonly string[]): ListReading | undefined {
  const [first = "", ...rest] = lines;
  if (!/^["\w -]{2,40}$/.test(first) || rest.length === 0) return undefined;
  const name = first.replaceAll('"', "").trim();
  const rows = rest.map((line) => [line.trim().replace(/^"(.*)"$/, "$1")]);
  const isOne = rows.every(([cell]) => !/\s/.test(cell!));
  const reader = readerByName([name]) ?? (isOne ? unreadColumn(name) : undefined);
  if (reader === undefined || rest.some(isReferenceLine)) return undefined;
  const reading = readTable(rows, reader);
  // Sentences below a heading such as `IOCs` are not a column.
  return isOne || reading.indicators.length * 2 >= rows.length ? reading : undefined;
}

/**
 * Reads lines as a table without names: of the columns that hold nothing but indicators, the first.
 * Undefined if no separator cuts two thirds of the lines into the same number of cells.
 */
export function readPlainTable(
  commented: readonly string[],
  comments: readonly string[],
): ListReading | undefined {
  if (commented.length < 2 && comments.length === 0) return undefined;
  if (commented.filter(isAsNumber).length * 2 >= commented.length) return undefined;
  const lines = commented.map(withoutRemark);
  let first: ListReading | undefined;
  for (const separator of ["#", ...SEPARATORS]) {
    const width = usualWidth(lines, separator);
    if (width < (separator === "#" ? 3 : 2) || !isSeparator(lines, separator)) continue;
    const header = comments.map((line) => splitCells(line, separator))
      .findLast((cells) => cells?.length === width);
    if (lines.length < 2 && header === undefined) continue;
    const rows = splitRows(lines, { separator, width });
    const good = rows.filter((row) => row !== undefined);
    // Lines that begin with a tab, or end with a comma, are not a table with an empty column.
    const isOne = width === 2 && [0, 1].some((column) => good.every((row) => row[column] === ""));
    if (isOne || good.length * 3 < rows.length * 2) continue;
    const reading = withKind(
      readTable(rows, readerByContent(good.slice(0, SAMPLE), header)),
      header ?? good[0] ?? [],
    );
    if (reading.indicators.length > 0) return reading;
    if (!areEntries(good)) first ??= reading;
  }
  return first;
}

/** True if half of the first cells are an indicator and what somebody says of it, commas and all. */
function areEntries(rows: readonly (readonly string[])[]): boolean {
  const sample = rows.slice(0, SAMPLE);
  const entries = sample.filter(([cell = ""]) => {
    const { words } = scan(cell);
    return words.length > 1 && words[0]!.indicator !== undefined;
  });
  return entries.length * 2 >= sample.length;
}

/** An indicator alone, if what follows it is a comment, which may contain separators. */
function withoutRemark(line: string): string {
  const plain = withoutComment(line);
  const isRemarked = plain !== line && readCell(plain.replace(NUMBERING, "")).length > 0;
  return isRemarked ? plain : line;
}

/** The number of cells that most of the first lines have; the last of them may end without a separator. */
export function usualWidth(lines: readonly string[], separator: string): number {
  const sample = lines.slice(0, SAMPLE).map((line) => splitCells(line, separator) ?? []);
  const width = mostFrequent(sample.map((cells) => cells.length));
  const isEnded = sample.every((cells) => cells.length !== width || cells.at(-1) === "") &&
    sample.some((cells) => cells.length === width - 1);
  return isEnded ? width - 1 : width;
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((most, entry) => entry[1] > most[1] ? entry : most, [0, 0])[0];
}

/** A URL, with a scheme or without. */
const URL_WORD =
  /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"]+|(?<![\w.-])(?:[\w-]{1,63}\.){1,10}[a-z]{2,24}(?::\d{1,5})?\/[^\s"]*/gi;
/** `12:00:00,123`: Python and others write fractions of a second so. */
const FRACTION = /(?<=\d\d:\d\d:\d\d),(?=\d{3}\b)/g;

/** False if a separator stands inside URLs, links or times only. */
export function isSeparator(lines: readonly string[], separator: string): boolean {
  const sample = lines.slice(0, SAMPLE);
  if (separator === "|") return sample.filter(hasBar).length * 2 > sample.length;
  const outside = sample.filter((line) => {
    const rest = line.replaceAll(
      URL_WORD,
      (url) => tail(url, separator),
    );
    return rest.replaceAll(FRACTION, "").includes(separator);
  });
  return outside.length * 2 > sample.length;
}

/** True for a line with a bar that is neither in a link nor in the query of a URL. */
function hasBar(line: string): boolean {
  return line.includes("|") && withoutLinkTexts(line).split(/[\s"]+/).some((word) => {
    const bar = word.indexOf("|");
    const isInQuery = bar > word.indexOf("?", word.indexOf("://") + 1) && URL_WITH_QUERY.test(word);
    return bar >= 0 && (!isInQuery || tail(word, "|") !== "" || splitLastCell(word)[0] !== word);
  });
}

/** `http://example.com/?a=b|c`: a URL in whose query a bar may be its own. */
const URL_WITH_QUERY = /^[^\w]{0,3}[a-z][a-z0-9+.*-]{1,15}\[?:\[?\/\/[^?|]*\?/i;

/** What follows a URL in a row of cells: dates, addresses, other URLs; nothing if it is its own. */
function tail(url: string, separator: string): string {
  const [, ...cells] = url.split(separator);
  const isCell = (cell: string) =>
    /^\d{4}-\d{2}-\d{2}/.test(cell) || cell.includes("://") || readCell(cell).length > 0;
  return cells.some(isCell) || url.endsWith(separator) ? separator : "";
}

const UNFIT_ROW = "The row does not have the columns of the table, or a quote is not closed";

/** Reads the rows of a table; those that are not of it are rejected. */
export function readTable(rows: readonly Row[], { read, unread }: TableReader): ListReading {
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  rows.forEach((row, index) => {
    if (row === undefined) {
      reading.rejected.push({ record: index + 1, reason: UNFIT_ROW });
      return;
    }
    addLine(reading, read(row));
  });
  for (const what of unread) countSkipped(reading.skipped, what);
  return reading;
}

/** Reads objects as the rows of a table whose columns are their keys. */
export function readRecords(records: readonly TextRecord[]): ListReading {
  const sample = records.slice(0, SAMPLE);
  const header = [...new Set(sample.flatMap((record) => Object.keys(record)))];
  // A column may have the name of what every object inherits, such as `constructor`.
  const rows = records.map((record) =>
    header.map((name) => Object.hasOwn(record, name) ? record[name]! : "")
  );
  return readByHeader(header, rows);
}

/** Reads rows by the names of their columns or, if none names an indicator, by what they hold. */
function readByHeader(names: readonly string[], rows: readonly Row[]): ListReading {
  const reader = readerByName(names);
  if (reader === undefined) {
    const sample = rows.slice(0, SAMPLE).filter((row) => row !== undefined);
    return withKind(readTable(rows, readerByContent(sample, names)), names);
  }
  const reading = readTable(rows, reader);
  countUnnamed(reading, { names, rows });
  return withKind(reading, names);
}

/** What was read of a table, with what it is if its columns say that it is not a list of indicators. */
function withKind(reading: ListReading, names: readonly string[]): ListReading {
  const otherKind = inventoryOf(names);
  return { ...reading, ...(otherKind !== undefined && { otherKind }) };
}
