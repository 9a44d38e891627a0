import { parseJson, writeJson } from "../lib/tahoe/json.ts";
import { type Fields, isFields, type Value } from "../lib/tahoe/value.ts";

const SETS = [
  "_ref",
  "_cref",
  "_ben_ref",
  "_mal_ref",
  "_usr_ref",
  "_adm_ref",
  "_acl",
  "filters",
  "_sources",
];

/**
 * One text for all documents that are equal: keys and sets in order, lists within `data` as bags
 * but in Raws and reports, where their order counts.
 */
export function normalForm(document: Value): string {
  const { data, ...rest } = parseJson(writeJson(document)) as Fields;
  const ordered = rest["itype"] === "raw" || rest["itype"] === "report";
  const fields: Record<string, Value> = {};
  for (const [name, value] of Object.entries(rest)) {
    fields[name] = SETS.includes(name) ? [...new Set(texts(value))].sort() : value;
  }
  return writeJson(sortedKeys({ ...fields, data: bags(data!, ordered) }));
}

/** The normal forms of a whole collection, each document once, in order. */
export function normalForms(documents: readonly Value[]): string[] {
  return documents.map(normalForm).sort();
}

function texts(value: Value | undefined): string[] {
  return (value as Value[]).map(writeJson);
}

function bags(value: Value, ordered: boolean): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(bags(item, ordered)));
    return ordered ? items : items.sort();
  }
  if (!isFields(value)) return value;
  return sortedKeys(
    Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, bags(member, ordered)]),
    ),
  );
}

function sortedKeys(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1));
}
