import type { GivenValues } from "./given_values.ts";
import { htmlText } from "./html_text.ts";
import { indicatorsInLines } from "./indicators_in_lines.ts";

/**
 * An element at the start of a text that ends with one: a piece of a page, an event of a log. Pages
 * themselves are refused.
 */
const FRAGMENT =
  /^\s*(?:<\?xml[^<>]*>\s*)?<(?!html\b|head\b|body\b|rss\b|feed\b|svg\b|rdf:)[a-z][\w:-]*(?:\s[^<>]*)?>[^]*<\/[\w:-]+>\s*$/i;

/** One element of a page that has no end of its own. */
const ELEMENT = /^\s*<(?:a|img|iframe|script|link|form|meta|base|embed|source|input)\s[^<>]*>\s*$/i;

/** Reads the indicators in a piece of XML or of a page; undefined for other texts. */
export function readMarkup(text: string): GivenValues | undefined {
  return FRAGMENT.test(text) || ELEMENT.test(text)
    ? indicatorsInLines([htmlText(text)])
    : undefined;
}
