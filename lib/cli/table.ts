import Table from "cli-table3";
import { printable } from "../printable.ts";

/** A value in a table; null is shown as `-`. */
export type Cell = string | number | null;

const NO_LINES = {
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
 * Formats a table in columns without lines, with numbers aligned to the right. Cells may contain
 * untrusted data: their control characters are escaped.
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const grid = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { "head": [], "border": [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, column) => typeof rows[0]?.[column] === "number" ? "right" : "left"),
  });
  for (const row of rows) grid.push(row.map((cell) => printable(String(cell ?? "-"))));
  return grid.toString().replace(/ +$/gm, "");
}
