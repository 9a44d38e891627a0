import { MAX_INTEGER } from "./json_column.ts";

/** The column `id`; 0, which no row has, where it is a number that cannot be read. */
export function readableId(table: string): string {
  const isReadable = `${table}.id BETWEEN -${MAX_INTEGER} AND ${MAX_INTEGER}`;
  return `CASE WHEN ${isReadable} THEN ${table}.id ELSE 0 END AS id`;
}
