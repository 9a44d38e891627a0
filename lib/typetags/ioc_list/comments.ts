import { splitCells } from "./cells.ts";
import { readerByName } from "./columns.ts";
import { usualWidth } from "./table.ts";

const COMMENT = /^\s*(?:#|\/\/|;)/;

/**
 * Says of each line whether it is a comment. One that begins with a semicolon may also be a row whose
 * first cell is empty: if it has the cells of the other lines, which are three or more, or two below
 * names of columns.
 */
export function areComments(lines: readonly string[]): readonly boolean[] {
  const isRow = lines.some((line) => line.startsWith(";")) ? rowTest(lines) : () => false;
  return lines.map((line) => COMMENT.test(line) && !isRow(line));
}

function rowTest(lines: readonly string[]): (line: string) => boolean {
  const others = lines.filter((line) => !COMMENT.test(line));
  const names = namesOf(lines);
  const width = names?.length ?? usualWidth(others, ";");
  const isTable = width > 2 || (width === 2 && names !== undefined);
  return (line) => isTable && line.startsWith(";") && splitCells(line, ";")?.length === width;
}

/** The names of columns, among them one of indicators, in the first line or the comment before it. */
function namesOf(lines: readonly string[]): readonly string[] | undefined {
  const heads = lines.filter((line) => !line.startsWith(";"));
  const first = heads.findIndex((line) => !COMMENT.test(line));
  const candidates = first < 0 ? heads.slice(-1) : heads.slice(Math.max(0, first - 1), first + 1);
  return candidates
    .map((line) => splitCells(line.replace(/^\s*(?:#|\/\/)+\s*/, ""), ";") ?? [])
    .find((names) => names.length > 1 && readerByName(names) !== undefined);
}
