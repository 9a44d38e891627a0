import { nextId } from "./next_id.ts";
import { readableId } from "./readable_id.ts";
import type { Prepare } from "./sqlite.ts";

/** A table of texts to which instances refer by id, and its column with the text. */
export type SharedTexts = {
  readonly table: "organisations" | "templates";
  readonly column: "orgid" | "skeleton";
};

/** The id of a text's row; undefined if it has none. An id that cannot be read is replaced. */
export function findTextId(
  prepare: Prepare,
  { table, column }: SharedTexts,
  text: string,
): number | undefined {
  const select = `SELECT ${readableId(table)} FROM ${table} WHERE ${column} = ?`;
  const row = prepare(select).get(text);
  if (row === undefined || row["id"] !== 0) return row && Number(row["id"]);
  prepare(`UPDATE ${table} SET id = ${nextId(table)} WHERE ${column} = ?`).run(text);
  return Number(prepare(select).get(text)!["id"]);
}

/** Inserts a row for a text that has none; returns its id. */
export function insertText(
  prepare: Prepare,
  { table, column }: SharedTexts,
  text: string,
): number {
  const { lastInsertRowid } = prepare(
    `INSERT INTO ${table} (id, ${column}) VALUES (${nextId(table)}, ?)`,
  ).run(text);
  return Number(lastInsertRowid);
}
