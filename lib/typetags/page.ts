import { Rejected } from "../errors.ts";

const START = 4096;

/** The start of an element of HTML that no indicator in angle brackets begins with. */
const HTML_ELEMENT =
  /^<(a|b|br|center|div|form|frameset|h[1-6]|iframe|img|link|main|meta|p|pre|script|strong|section|span|style|table|title|ul)(?=[\s/>])/i;

/** The start of a page or of XML. */
const PAGE = /^<(!doctype|html|head|body|\?xml(?:-stylesheet)?|rss|feed|rdf:rdf|svg)(?![\w-])/i;

/** The start of a page behind some words of the program that made it. */
const LATER_PAGE = /^(?:[^\n]{0,500}\n){1,5}[^\S\n]{0,20}<(!doctype\s+html|html)(?=[\s>])/i;

/** The start of an element, in its first name: `div`, `stix:STIX_Package`; no name has dots there. */
const ELEMENT = /^<([a-z][\w:-]*)(?:\s[^<>]*)?\/?>/i;

/**
 * Refuses web pages, XML, news feeds and failed answers of HTTP, whose links and contacts nobody listed as indicators: servers
 * send them in place of a list that has moved.
 *
 * @throws {Rejected} EVENTS_INVALID when the text begins as such a page.
 */
export function refusePage(text: string): void {
  if (/^\s*HTTP\/[\d.]+ [345]\d\d\b/.test(text)) {
    throw new Rejected(
      "EVENTS_INVALID",
      "The data is a message of a server, not a list. Was the download refused?",
    );
  }
  const start = text.slice(0, START).replace(/^(?:[\s\ufeff]|<!--(?:(?!-->)[^])*-->)+/, "");
  const [, tag] = PAGE.exec(start) ?? HTML_ELEMENT.exec(start) ?? LATER_PAGE.exec(start) ??
    fragmentStart(start, text) ?? [];
  if (tag === undefined) return;
  const what = /^(?:\?xml(?:-stylesheet)?|rss|feed|rdf:rdf|svg)$|:/i.test(tag)
    ? "an XML document"
    : "a web page";
  const where = start.startsWith("<") ? "it begins with" : "it holds";
  throw new Rejected(
    "EVENTS_INVALID",
    `The data is ${what}, not a list: ${where} <${tag}. Has the list moved? Fetch it as text, CSV or JSON`,
  );
}

/** The first element of a piece of a page or of XML, which ends as it begins: with an element. */
function fragmentStart(start: string, text: string): RegExpExecArray | null {
  return text.trimEnd().endsWith(">") ? ELEMENT.exec(start) : null;
}

/** First words of what servers say when they send no list. */
const MESSAGE = new RegExp(
  "^\\W{0,4}(?:" + [
    "error(?:\\s+code)?\\W{0,3}(?:\\d|:|$)",
    "http(?:/[\\d.]+)?\\s+(?:error\\s+)?[345]\\d\\d\\b",
    "[45]\\d\\d\\s*(?:[:-]\\s*)?(?:[a-z]|$)",
    "(?:api\\s+)?(?:rate|request|download|daily|usage)\\s+limit",
    "too many (?:requests|connections|downloads)",
    "(?:access|permission)(?: is| was)? denied",
    "(?:forbidden|unauthori[sz]ed|not found|page not found|file not found|not authori[sz]ed)\\W*$",
    "(?:invalid|missing|wrong|expired|unknown) (?:api|auth|license|licence|token|key|login|user|credentials)",
    "authentication (?:is )?(?:required|failed)",
    "please (?:(?:log|sign) ?in|complete|enable|verify|wait|visit|subscribe)\\b",
    "(?:log|sign) ?in(?: to| required|\\W*$)",
    "you (?:have (?:exceeded|reached|been)|are not|must|need to|do not have|don't have)",
    "your (?:ip|request|api|subscription|licen[sc]e|account|trial)\\b",
    "(?:the |this )?(?:service|server|site|page|feed|list)(?: is| has| was)? (?:temporarily|currently|not|moved|been|no longer|unavailable|under|discontinued)",
    "(?:the |this )?(?:document|requested \\w+)(?: is| has| was)? (?:now|not|moved|been moved|no longer|unavailable)",
    "(?:bad gateway|gateway time-?out|internal server error|service unavailable|moved permanently)",
    "(?:down for )?(?:scheduled )?maintenance",
    "(?:curl: \\(\\d|wget: |upstream (?:connect|request)|could not resolve|unable to (?:resolve|connect))",
    "--\\d{4}-\\d\\d-\\d\\d ",
    "(?:function|window|document|[\"']use strict|(?:var|let|const) \\w+)\\s*[=(.[;\"']",
    "(?:attention required|just a moment|checking your browser|request blocked|quota)",
  ].join("|") + ")",
  "i",
);

/** Lines of such a message, at most. */
const MESSAGE_LINES = 40;

/** Tells whether lines, of which none is an indicator by itself, begin as the message of a server. */
export function isServerMessage(lines: readonly string[]): boolean {
  return lines.length <= MESSAGE_LINES && MESSAGE.test(lines[0]?.trim() ?? "");
}
