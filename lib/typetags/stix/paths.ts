import { type Fields, isFields, type Value } from "../../tahoe/value.ts";

/** The values at a path of names joined by `/`; a list anywhere on the path stands for its items. */
export function valuesAt(fields: Fields, path: string): readonly Value[] {
  const slash = path.indexOf("/");
  if (slash === -1) return itemsOf(fields[path]);
  const inner = itemsOf(fields[path.slice(0, slash)]).filter((item) => isFields(item));
  return inner.flatMap((item) => valuesAt(item, path.slice(slash + 1)));
}

/** The values of a property: the items of a list, a single value, or none. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Exclude<Value, readonly Value[]>];
}
