import { replaceRanges } from "./range.ts";
import { recognise } from "./recognise.ts";
import { unwrap } from "./unwrap.ts";

/**
 * The values in a text that holds several and nothing else, between blanks, commas or semicolons; a
 * range of addresses is the networks that it consists of. Empty for other texts.
 */
function severalValues(text: string): readonly string[] {
  const ranges = replaceRanges(text);
  const parts = ranges.split(/[\s,;|]+/).filter((part) => part !== "");
  const areValues = parts.every((part) => recognise(unwrap(part), true) !== undefined);
  return areValues && (parts.length > 1 || ranges !== text) ? parts : [];
}

/** Says that a text holds several values and what to do about it; undefined for other texts. */
export function severalValuesFault(text: string): string | undefined {
  const values = severalValues(text);
  if (values.length === 0) return undefined;
  const first = values.slice(0, 3).join(", ");
  if (values.length === 1 && !first.includes("/")) return `is one address: ask for ${first}`;
  return values.length === 1
    ? `is a range: ask for its network, ${first}`
    : `holds ${values.length} values: ask for one at a time, or for all with report lookup ` +
      `(${first}${values.length > 3 ? " …" : ""})`;
}
