import { printable } from "../printable.ts";
import { replaceRanges } from "./range.ts";
import { recognise } from "./recognise.ts";
import { unwrap } from "./unwrap.ts";

/** Between words of which none is part of another. */
const WORD_BREAK = /[\s"'<>|]+/;
/** The same, and what may stand in URLs. */
const INNER_BREAK = /[,;=()[\]]+/;

/** Characters of a value that an error shows. */
const SHOWN = 80;

/**
 * The only indicator in a text that holds other words, too, such as `ipv4 203.0.113.66` in
 * `203.0.113.66 (Russia)`. Undefined if there is none, or several.
 */
export function heldValue(text: string): string | undefined {
  const words = replaceRanges(text).split(WORD_BREAK)
    .flatMap((word) => word.includes("://") ? [word] : word.split(INNER_BREAK));
  const found = new Set(words.map((word) => nameOf(unwrap(word))).filter((name) => name !== ""));
  const [only] = found;
  if (found.size !== 1 || only === undefined) return undefined;
  return printable(only.length > SHOWN ? `${only.slice(0, SHOWN - 1).toWellFormed()}…` : only);
}

/** Sub-type and data of an indicator; the empty string for other words. */
function nameOf(word: string): string {
  const [, number] = /^ASN?([0-9]{1,10})$/i.exec(word) ?? [];
  if (number !== undefined) return `asn ${number}`;
  const found = recognise(word);
  return found === undefined ? "" : `${found.subType} ${found.data}`;
}
