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
 * A string that is the same for all equal documents. Keys, sets and the lists within `data` are
 * sorted, except lists in Raws and reports, whose order matters.
 */
export function normalForm(document: Value): string {
  const { data, ...rest } = parseJson(writeJson(document)) as Fields;
  const keepsOrder = rest["itype"] === "raw" || rest["itype"] === "report";
  const fields: Record<string, Value> = {};
  for (const [name, value] of Object.entries(rest)) {
    fields[name] = SETS.includes(name) ? [...new Set(writeMembers(value))].sort() : value;
  }
  return writeJson(sortKeys({ ...fields, data: sortLists(data!, keepsOrder) }));
}

/** The normal forms of all documents of a collection, sorted. */
export function normalForms(documents: readonly Value[]): string[] {
  return documents.map(normalForm).sort();
}

function writeMembers(value: Value | undefined): string[] {
  return (value as Value[]).map(writeJson);
}

function sortLists(value: Value, keepsOrder: boolean): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(sortLists(item, keepsOrder)));
    return keepsOrder ? items : items.sort();
  }
  if (!isFields(value)) return value;
  return sortKeys(
    Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, sortLists(member, keepsOrder)]),
    ),
  );
}

function sortKeys(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1));
}
