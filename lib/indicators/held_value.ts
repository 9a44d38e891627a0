import { printable } from "../printable.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
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
 * The only indicator in a text that holds other words, too, such as the ipv4 203.0.113.66 in
 * `203.0.113.66 (Russia)`. Undefined if there is none, or several.
 */
export function heldValue(text: string): AttributeName | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const words = replaceRanges(text).split(WORD_BREAK).flatMap(partsOf);
  const names = words.map((word) => nameOf(unwrap(word))).filter((name) => name !== undefined);
  const [only, ...others] = new Map(names.map((name) => [`${name.subType} ${name.data}`, name]))
    .values();
  return others.length > 0 ? undefined : only;
}

/** Writes what a text holds, such as `ipv4 203.0.113.66`; cut if it is long. */
export function heldText({ subType, data }: AttributeName): string {
  const text = `${subType} ${data}`;
  return printable(text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text);
}

/** A word, or what it joins; a URL is one part, with its query. */
function partsOf(word: string): readonly string[] {
  if (word.includes("://") || nameOf(unwrap(word)) !== undefined) return [word];
  const isUrl = (text: string) => nameOf(unwrap(text))?.subType === "url";
  const fields = splitFields(word, isUrl).map((field) =>
    isUrl(field) ? field : withoutLabel(field)
  );
  return fields.some(isUrl) ? fields : word.split(INNER_BREAK);
}

/** Sub-type and data of an indicator; undefined for other words. */
function nameOf(word: string): AttributeName | undefined {
  const number = isMarkedAsNumber(word) ? readAsNumber(word) : undefined;
  if (number !== undefined) return { subType: "asn", data: number };
  return recognise(word) ?? fileNameHash(word);
}
