/** Marks that make a line of a list a comment. */
const COMMENT = /^\s*(?:#|\/\/|;)\s*/;

/** The name of a column: no indicator is written like this, and no hash is so short. */
const COLUMN_NAME = /^\s*"?[A-Za-z][\w -]{0,30}"?\s*$/;

/** Lines behind the first one among which is the header: a title, or half a row, may come before it. */
const TITLE_LINES = 4;

/**
 * Finds the header of a table, as the list has it: the first line that is not a comment, the comment
 * before it, or one of the next lines, if all cells are names and a line behind it has as many.
 * Empty if there is none.
 */
export function findHeader(head: string): Uint8Array {
  const lines = head.split("\n").slice(0, -1).filter((line) => line.trim() !== "");
  const first = lines.findIndex((line) => !COMMENT.test(line));
  const next = Array.from({ length: TITLE_LINES }, (_, index) => first + 1 + index);
  const at = [first, first - 1, ...next].find((index) => {
    const behind = lines.slice(Math.max(index + 1, first), index + 2 + TITLE_LINES);
    // Of a title and a header, the latter stands before the rows.
    return isHeader(lines[index]?.replace(COMMENT, "") ?? "", behind) &&
      !isHeader(behind[0] ?? "", behind.slice(1));
  });
  return new TextEncoder().encode(at === undefined ? "" : `${lines[at]}\n`);
}

function isHeader(line: string, behind: readonly string[]): boolean {
  return [",", ";", "\t", "|"].some((separator) => {
    const cells = line.split(separator);
    const isTable = behind.length === 0 ||
      behind.some((row) => row.split(separator).length >= cells.length);
    return cells.length > 1 && cells.every((cell) => COLUMN_NAME.test(cell)) && isTable;
  });
}
