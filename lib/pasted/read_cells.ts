import { addressFault } from "../indicators/address_fault.ts";
import { namedHash } from "../indicators/hash_name.ts";
import { readLabel } from "../indicators/label.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import { plainName, URL_COLUMN } from "../typetags/ioc_list/column_names.ts";
import { readerByName, type RowReader } from "../typetags/ioc_list/columns.ts";
import { type GivenValue, readValue } from "./given_values.ts";
import { lineIndicators } from "./line_indicators.ts";
import { isEndpoint } from "./log_line.ts";
import { hasWord } from "./read_lines.ts";
import { isReference, lastPart } from "./reference_column.ts";

/** The cells of a row of a table, or of a JSON record, by the names of their columns. */
export type CellRow = ReadonlyMap<string, string>;

/** What tables write into a cell without a value. */
const NO_VALUE = /^(?:|-|n\/a|null|none|unknown|\\N)$/i;

/** Columns that say what the value of a row is. */
const KIND_COLUMN = /^(?:ioc|indicator|observable|attribute)?[_ -]?(?:type|kind)$/i;

/** Columns of the ends of connections. */
const END_COLUMN = /^(?:src|source|dst|dest|destination|client|server|remote|local|peer)(?!.*net)/;

/** What `column: value` says of a value by itself. */
const LABELLED = /^(?:asn|cve|mac_addr)$/;

/** The indicators of a table. */
export type TableReading = {
  readonly values: readonly GivenValue[];
  /** Names of the columns that hold no indicators. */
  readonly unreadColumns: readonly string[];
  readonly emptyRows: readonly CellRow[];
};

/**
 * Reads the indicators in all cells of a table. A cell without one is a value that cannot be read if
 * its column holds indicators otherwise.
 */
export function readCells(rows: readonly CellRow[]): TableReading {
  const readers = new Map<string, RowReader>();
  const read = (hasReferences: boolean) =>
    rows.map((row) => readRow(row, { readers, hasReferences }));
  const plain = read(false);
  // Where there is nothing else, what is called a link or a report is what somebody asks for.
  const found = plain.some(({ all }) => all.length > 0) ? plain : read(true);
  const columns = new Set(rows.flatMap((row) => [...row.keys()]));
  const indicating = new Set([...columns].filter((column) => isIndicating(column, rows, found)));
  const used = new Set(found.flatMap(({ byColumn }) => [...byColumn.keys()]));
  const values: GivenValue[] = [];
  const emptyRows: CellRow[] = [];
  for (const [index, row] of rows.entries()) {
    const { all, byColumn } = found[index]!;
    const unread = [...row].filter(([column, cell]) =>
      !byColumn.has(column) && isFilled(cell) && !isPath(cell) && !all.some(({ data }) =>
        data === cell
      ) &&
      (indicating.has(column) || used.has(column) && addressFault(cell) !== undefined)
    );
    for (const name of all) values.push(givenAs(name));
    for (const [column, cell] of unread) values.push(unreadCell(cell, column, row));
    if (all.length + unread.length === 0) emptyRows.push(row);
  }
  const unreadColumns = [...columns].filter((name) =>
    !used.has(name) && (!indicating.has(name) || rows.some((row) => isPath(row.get(name) ?? "")))
  );
  return { values, unreadColumns, emptyRows };
}

/** The indicators of a row: all, each once, and those of each column that has any. */
type FoundInRow = {
  readonly all: readonly AttributeName[];
  readonly byColumn: ReadonlyMap<string, readonly AttributeName[]>;
};

type RowOptions = {
  /** Readers of rows by the names of their columns. */
  readonly readers: Map<string, RowReader>;
  /** Whether columns of references are read, too. */
  readonly hasReferences: boolean;
};

function readRow(row: CellRow, { readers, hasReferences }: RowOptions): FoundInRow {
  const names = [...row.keys()];
  const key = names.join("\n");
  // The columns of a row together say more: the type of a value, the ends of a range.
  const reader = readers.get(key) ?? readerByName(names.map(lastPart))?.read ??
    (() => ({ indicators: [] }));
  readers.set(key, reader);
  const typed = new Map<string, AttributeName>(
    reader([...row.values()]).indicators.map((name) => [name.data, name]),
  );
  const all = new Map<string, AttributeName>();
  const byColumn = new Map<string, readonly AttributeName[]>();
  for (const [column, cell] of row) {
    const inCell = hasReferences || !isReference(column) ? readCell(column, cell) : [];
    if (inCell.length > 0) byColumn.set(column, inCell);
    for (const name of inCell) all.set(String(name.data), typed.get(String(name.data)) ?? name);
  }
  for (const [data, name] of typed) all.set(data, name);
  return { all: [...all.values()], byColumn };
}

function readCell(column: string, cell: string): readonly AttributeName[] {
  const name = lastPart(column);
  if (cell === "" || namedHash(name) === "other") return [];
  const label = readLabel(`${name}: ${cell}`);
  if (label !== undefined && LABELLED.test(label.subType)) {
    const given = readValue(cell, label.subType);
    if ("meaning" in given) return [given.meaning.normal];
  }
  const named = readerByName([name])?.read([cell]).indicators ?? [];
  const isEnd = named.some((each) => isEndpoint(cell, each)) && !URL_COLUMN.test(plainName(name));
  // In a column of ends, the number behind a slash may be a port, as it may be in a line of text.
  const text = END_COLUMN.test(plainName(name)) ? `${name} ${cell}` : cell;
  const isNet = text !== cell && named.some(({ subType }) => subType.endsWith("_net"));
  return named.length > 0 && !isEnd && !isNet ? named : lineIndicators(text);
}

/** Whether a column is named as one of indicators is, or nine of ten cells have some. */
function isIndicating(
  column: string,
  rows: readonly CellRow[],
  found: readonly FoundInRow[],
): boolean {
  if (readerByName([lastPart(column)]) !== undefined) return true;
  const filled = rows.filter((row) => isFilled(row.get(column) ?? "")).length;
  const read = found.filter(({ byColumn }) => byColumn.has(column)).length;
  return read > 0 && read * 10 >= filled * 9;
}

/** Tells whether a cell is the path of a URL whose host is elsewhere: `/login?id=1`. */
function isPath(cell: string): boolean {
  return /^\/(?!\/)\S*$/.test(cell);
}

function isFilled(cell: string): boolean {
  return hasWord(cell) && !NO_VALUE.test(cell);
}

function givenAs({ subType, data }: AttributeName): GivenValue {
  return { ...readValue(String(data), subType), value: String(data) };
}

/** A cell that does not show what it is: of the kind that its row names, or one that cannot be read. */
function unreadCell(cell: string, column: string, row: CellRow): GivenValue {
  const [, kind] = [...row].find(([name]) => KIND_COLUMN.test(lastPart(name))) ?? [];
  if (kind !== undefined && isSubType(kind)) return readValue(cell, kind);
  const isHost = readLabel(`${lastPart(column)}: ${cell}`)?.subType === "hostname";
  if (isHost && /^[\w-]+$/.test(cell)) return readValue(cell, "hostname");
  const given = readValue(cell);
  return "reason" in given ? { ...given, reason: `${given.reason} (column ${column})` } : given;
}
