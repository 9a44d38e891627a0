import { recognise } from "../indicators/recognise.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import type { CellRow } from "./read_cells.ts";

/** The strings of a JSON list, which are lines of text, and its objects as rows of a table. */
export type JsonCells = { readonly lines: readonly string[]; readonly rows: readonly CellRow[] };

/**
 * Takes a JSON document apart. Lists of objects are rows, wherever they are; objects in objects are
 * columns such as `source.ip`; keys that are indicators are cells.
 */
export function jsonCells(value: Value): JsonCells {
  const lines: string[] = [];
  const rows: CellRow[] = [];
  addItem(value);
  return { lines, rows };

  function addItem(item: Value): void {
    if (typeof item === "string") lines.push(item);
    else if (Array.isArray(item)) { for (const each of item) addItem(each); }
    else if (isFields(item)) addRow(item);
  }

  function addRow(fields: Fields): void {
    const cells = new Map<string, string>();
    rows.push(cells);
    addCells(fields, "", cells);
  }

  function addCells(fields: Fields, prefix: string, cells: Map<string, string>): void {
    for (const [key, member] of Object.entries(fields)) {
      const isIndicator = recognise(key) !== undefined;
      if (isIndicator) addCell(cells, "key", key);
      const column = isIndicator ? prefix : `${prefix}${key}`;
      if (isFields(member)) addCells(member, column === "" ? "" : `${column}.`, cells);
      else if (!Array.isArray(member)) addCell(cells, column, member);
      else {
        for (const each of member) {
          if (isFields(each)) addRow(each);
          else addCell(cells, column, each);
        }
      }
    }
  }
}

/** Values of one column of a record are lines of one cell. */
function addCell(cells: Map<string, string>, column: string, value: Value): void {
  if (typeof value !== "string" && typeof value !== "bigint") return;
  const before = cells.get(column);
  cells.set(column, before === undefined ? String(value) : `${before}\n${value}`);
}
