import { type Fields, isScalar, type Value } from "../../tahoe/value.ts";
import { readerByName } from "./columns.ts";

/** A record of a JSON list: its values as the cells of a row, by the names of their columns. */
export type TextRecord = Readonly<Record<string, string>>;

/** Fields in which an object names the columns of its rows. */
const COLUMNS_NAME = /^(?:columns?|fields|headers?|column_?names|keys)$/i;

/** The names of the columns of an object's rows, if it has them in a list. */
export function columnList(object: Fields): readonly Value[] | undefined {
  const [, names] =
    Object.entries(object).find(([name, value]) =>
      COLUMNS_NAME.test(name) && Array.isArray(value) && value.length > 1 &&
      value.every((each) => typeof each === "string")
    ) ?? [];
  return Array.isArray(names) ? names : undefined;
}

/**
 * The records of a table that is a list of rows, each a list of cells; the first row may name the
 * columns. Undefined for other lists.
 */
export function tableRecords(rows: readonly Value[]): readonly TextRecord[] | undefined {
  const [first] = rows;
  if (!Array.isArray(first) || first.length < 2) return undefined;
  const isTable = rows.every((row) =>
    Array.isArray(row) && row.length === first.length && row.every(isScalar)
  );
  if (!isTable) return undefined;
  const [head = [], ...body] = rows.map((row) => (row as readonly Value[]).map(cellText));
  const isNamed = body.length > 0 && readerByName(head) !== undefined;
  // Digits as names say nothing, so the cells decide which column counts.
  return (isNamed ? body : [head, ...body]).map((cells) =>
    Object.fromEntries(cells.map((cell, column) => [isNamed ? head[column]! : `${column}`, cell]))
  );
}

function cellText(value: Value): string {
  return value === null ? "" : String(value);
}
