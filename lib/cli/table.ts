import Table from "cli-table3";
import { printable } from "../printable.ts";

export type Cell = string | number | null;

const noLines = {
  "top": "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  "bottom": "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  "left": "",
  "left-mid": "",
  "mid": "",
  "mid-mid": "",
  "right": "",
  "right-mid": "",
  "middle": "  ",
};

/**
 * Columns without lines, numbers to the right. Cells may come from outside: control characters in
 * them are escaped. Null is written as `-`.
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const grid = new Table({
    head: [...head],
    chars: noLines,
    style: { "head": [], "border": [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, column) => typeof rows[0]?.[column] === "number" ? "right" : "left"),
  });
  for (const row of rows) grid.push(row.map((cell) => printable(String(cell ?? "-"))));
  return grid.toString().replace(/ +$/gm, "");
}
