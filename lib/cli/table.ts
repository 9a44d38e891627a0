import { printable } from "../printable.ts";
import { fitColumns, foldCell, MAX_LINES, UNCUT } from "./table_fit.ts";
import { textWidth } from "./text_width.ts";

/** A value in a table; null is shown as `-`. */
export type Cell = string | number | null;

const GAP = "  ";

/** Widest cell that the columns of a file or pipe make room for; longer ones push the rest aside. */
const MAX_PADDED = 100;

/** A column: its lines are aligned to the right if it holds numbers. */
type Column = { readonly width: number; readonly isNumber: boolean };

/**
 * Formats a table in columns without lines, with numbers aligned to the right. Cells may contain
 * untrusted data: their control characters are escaped. On a screen, `width` characters wide, long
 * cells are folded, and cut after a few lines; where the columns have no room, each row is a list. In
 * files and pipes nothing is cut. Without names in `head`, there is no line of them.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number = screenWidth(),
): string {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell ?? "-"))));
  const names = (rows[0] ?? head).map((_, column) => head[column] ?? "");
  const isNumber = names.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const most = width === Infinity ? MAX_PADDED : Infinity;
  const natural = names.map((name, column) =>
    texts.map((row) => textWidth(row[column]!)).filter((wide) => wide <= most)
      .reduce((widest, wide) => Math.max(widest, wide), textWidth(name))
  );
  const widths = width === Infinity
    ? natural
    : fitColumns(natural, width - GAP.length * (names.length - 1));
  if (widths === undefined) return lists(names, texts, width);
  const columns = widths.map((width, column) => ({ width, isNumber: isNumber[column]! }));
  return [...(head.length > 0 ? [names] : []), ...texts].flatMap((row) =>
    width === Infinity ? [rowLine(row, columns)] : foldedLines(row, columns)
  ).join("\n");
}

/** Columns of the terminal on standard output; infinite for files and pipes. */
function screenWidth(): number {
  if (!Deno.stdout.isTerminal()) return Infinity;
  return Deno.consoleSize().columns || Infinity;
}

function rowLine(cells: readonly string[], columns: readonly Column[]): string {
  return cells.map((cell, index) => pad(cell, columns[index]!)).join(GAP).replace(/ +$/, "");
}

function pad(text: string, { width, isNumber }: Column): string {
  const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
  return isNumber ? blanks + text : text + blanks;
}

function foldedLines(row: readonly string[], columns: readonly Column[]): string[] {
  const folded = row.map((cell, index) => foldCell(cell, columns[index]!.width));
  const height = Math.max(...folded.map((lines) => lines.length));
  return Array.from(
    { length: height },
    (_, line) => rowLine(folded.map((lines) => lines[line] ?? ""), columns),
  );
}

/** Each row as a list of the names of the columns and its cells. */
function lists(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const names = Math.max(...head.map(textWidth));
  const room = Math.max(1, width - names - GAP.length);
  const maxLines = Math.max(MAX_LINES, Math.ceil(UNCUT / room));
  return rows.map((row) =>
    row.flatMap((cell, index) =>
      foldCell(cell, room, maxLines).map((line, at) =>
        `${pad(at === 0 ? head[index]! : "", { width: names, isNumber: false })}${GAP}${line}`
      )
    ).join("\n")
  ).join("\n\n");
}
