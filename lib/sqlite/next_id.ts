/** Ids of new rows are smaller: no file has as many rows. */
const ID_LIMIT = 2 ** 48;

/**
 * Expression for the id of a new row of a table. SQLite's own choice follows the greatest id, which
 * may be that of a damaged row: beyond 2^53 no id can be read, and after the greatest of all,
 * AUTOINCREMENT says that the disk is full.
 */
export function nextId(table: string): string {
  return `(1 + ${greatest("id", table)})`;
}

/** The same for entries, whose ids are never used again, even if the greatest are removed. */
export const NEXT_ENTRY_ID = `(1 + max(
  ${greatest("id", "entries")}, ${greatest("entry", "files")},
  ${greatest("seq", "sqlite_sequence", "name = 'entries' AND")}))`;

/** Expression for the greatest sound id in a column of a table; 0 if there is none. */
function greatest(column: string, table: string, condition = ""): string {
  return `coalesce(
    (SELECT ${column} FROM ${table} WHERE ${condition} ${column} BETWEEN 0 AND ${ID_LIMIT - 1}
     ORDER BY ${column} DESC LIMIT 1), 0)`;
}
