import { Rejected } from "../errors.ts";

const START = 4096;

/**
 * Refuses web pages, XML and news feeds, whose links and contacts nobody listed as indicators: servers
 * send them in place of a list that has moved.
 *
 * @throws {Rejected} EVENTS_INVALID when the text begins as such a page.
 */
export function refusePage(text: string): void {
  const start = text.slice(0, START).replace(/^(?:[\s\ufeff]|<!--(?:(?!-->)[^])*-->)+/, "");
  const [, tag] = /^<(!doctype|html|head|body|\?xml|rss|feed|rdf:rdf|svg)(?![\w-])/i.exec(start) ??
    [];
  if (tag === undefined) return;
  const what = /^(?:!doctype|html|head|body)$/i.test(tag) ? "a web page" : "an XML document";
  throw new Rejected(
    "EVENTS_INVALID",
    `The data is ${what}, not a list: it begins with <${tag}. Has the list moved? Fetch it as text, CSV or JSON`,
  );
}
