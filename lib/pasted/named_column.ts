import { readLabel } from "../indicators/label.ts";
import { hasOwnForm } from "../indicators/meaning.ts";
import { type GivenValue, readValue } from "./given_values.ts";
import { lineIndicators } from "./line_indicators.ts";

/** Kinds whose values do not show what they are, by the names of their columns. */
const KINDS = /^(?:asn|cve|mac_addr|port|filename|username|password|subject|shell_command)$/;

/** Reads lines below the name of a column that alone says what they are; undefined for other lines. */
export function readNamedColumn(lines: readonly string[]): readonly GivenValue[] | undefined {
  const [first = "", ...rest] = lines;
  const name = first.replace(/^"(.*)"$/, "$1").trim().toLowerCase().replaceAll(/[ -]/g, "_");
  const kind = readLabel(`${name}: 1`)?.subType ?? name;
  if (!KINDS.test(kind) || rest.length === 0) return undefined;
  // Below a heading of a text such as `Subject` there are other things, too.
  const others = hasOwnForm(kind)
    ? 0
    : rest.filter((line) => lineIndicators(line).length > 0).length;
  if (others * 2 > rest.length) return undefined;
  return rest.map((line) => readValue(line.replace(/^"(.*)"$/, "$1"), kind));
}
