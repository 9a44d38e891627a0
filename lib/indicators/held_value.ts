import { printable } from "../printable.ts";
import { isMarkedAsNumber, readAsNumber } from "./as_number.ts";
import { fileNameHash } from "./hash_name.ts";
import { replaceRanges } from "./range.ts";
import { recognise } from "./recognise.ts";
import { splitFields, withoutLabel } from "./split_fields.ts";
import { unwrap } from "./unwrap.ts";

/** Between words of which none is part of another. */
const WORD_BREAK = /[\s"'‘’“”«»<>|\\]+/;
/** The same, and what may stand in URLs. */
const INNER_BREAK = /[,;=()[\]]+/;

/** In characters; longer texts are not taken apart. */
const MAX_TEXT = 10_000;

/** Characters of a value that an error shows. */
const SHOWN = 80;

/**
 * The only indicator in a text that holds other words, too, such as `ipv4 203.0.113.66` in
 * `203.0.113.66 (Russia)`. Undefined if there is none, or several.
 */
export function heldValue(text: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const words = replaceRanges(text).split(WORD_BREAK).flatMap(partsOf);
  const found = new Set(words.map((word) => nameOf(unwrap(word))).filter((name) => name !== ""));
  const [only] = found;
  if (found.size !== 1 || only === undefined) return undefined;
  return printable(only.length > SHOWN ? `${only.slice(0, SHOWN - 1).toWellFormed()}…` : only);
}

/** A word, or what it joins; a URL is one part, with its query. */
function partsOf(word: string): readonly string[] {
  if (word.includes("://") || nameOf(unwrap(word)) !== "") return [word];
  const isUrl = (text: string) => nameOf(unwrap(text)).startsWith("url ");
  const fields = splitFields(word, isUrl).map((field) =>
    isUrl(field) ? field : withoutLabel(field)
  );
  return fields.some(isUrl) ? fields : word.split(INNER_BREAK);
}

/** Sub-type and data of an indicator; the empty string for other words. */
function nameOf(word: string): string {
  if (isMarkedAsNumber(word)) return `asn ${readAsNumber(word)}`;
  const found = recognise(word) ?? fileNameHash(word);
  return found === undefined ? "" : `${found.subType} ${found.data}`;
}
