import { readerByName } from "../typetags/ioc_list/columns.ts";

/** Columns of what tells about a value, although it looks like one. */
const REFERENCE_COLUMN =
  /refer|^refs?$|link|^reports?(?:url)?$|reporter|tweet|twitter|screenshot|blog|licen[cs]e|terms|homepage|details?(?:url|link|page)/i;

/** Whether a column of this name holds references, such as the URLs of reports, and not values. */
export function isReference(column: string): boolean {
  const name = lastPart(column);
  return REFERENCE_COLUMN.test(name.replaceAll(/[_ -]/g, "")) && readerByName([name]) === undefined;
}

/** `source.ip` is a column `ip`. */
export function lastPart(column: string): string {
  return column.slice(column.lastIndexOf(".") + 1);
}
