/** Marks that make a line of a list a comment. */
const COMMENT = /^\s*(?:#|\/\/|;)\s*/;

/** The name of a column: no indicator is written like this, and no hash is so short. */
const COLUMN_NAME = /^\s*"?[A-Za-z][\w -]{0,30}"?\s*$/;

/**
 * Finds the header of a table, as the list has it: the first line that is not a comment, or the comment before
 * it, if all cells are names. Empty if there is none.
 */
export function findHeader(head: string): Uint8Array {
  const lines = head.split("\n").slice(0, -1).filter((line) => line.trim() !== "");
  const first = lines.findIndex((line) => !COMMENT.test(line));
  const header = [lines[first], lines[first - 1]].find((line) =>
    line !== undefined && isHeader(line.replace(COMMENT, ""))
  );
  return new TextEncoder().encode(header === undefined ? "" : `${header}\n`);
}

function isHeader(line: string): boolean {
  return [",", ";", "\t", "|"].some((separator) => {
    const cells = line.split(separator);
    return cells.length > 1 && cells.every((cell) => COLUMN_NAME.test(cell));
  });
}
