import type { TypeCandidate } from "./guess/candidate.ts";
import { doubtAbout } from "./guess/doubt.ts";
import { recogniseText } from "./guess/text.ts";
import { recogniseJson } from "./guess/json.ts";

/** What data is taken for; `typetag` is missing if there is any doubt. */
export type TypeGuess = {
  readonly typetag?: string;
  readonly reason: string;
  /** Whether it may have a type nevertheless, which somebody who knows it can name. */
  readonly isInDoubt?: true;
  readonly candidates: readonly TypeCandidate[];
  /** Number of indicators that would become malicious if it were an indicator list; missing for none. */
  readonly indicators?: number;
};

/** Beginnings of documents of PDF, archives and office programs (ZIP), programs, and pictures. */
// deno-lint-ignore no-control-regex -- these characters tell binary data from text
const BINARY = /^(?:%PDF-|PK\x03\x04|\x7fELF|MZ[^\n]{0,20}\0|\ufffdPNG\r\n|\ufffd{4}|GIF8[79]a)/;

/** How mails of Outlook (`.msg`) and older documents of Office begin, their bytes read as UTF-8. */
const OLE = "\ufffd\ufffd\x11\u0871\x1a\ufffd";

/** The first byte of gzip, as which only what was compressed twice still begins; the next is not UTF-8. */
const GZIP_START = "\x1f\ufffd";

const WEB_PAGE = /^<(?:!doctype|html|head|\?xml|rss|feed)\b/i;

/**
 * Says what typetag a file has, from its name and the beginning of its text. Only what leaves no
 * doubt counts: whatever is taken for an indicator list becomes malicious events.
 */
export function guessTypetag(name: string, start: string): TypeGuess {
  const text = start.trimStart();
  if (text === "") return { reason: "it is empty", candidates: [] };
  if (text.startsWith(GZIP_START)) {
    return { reason: "it is compressed with gzip twice: unpack it first", candidates: [] };
  }
  if (BINARY.test(text)) {
    return { reason: "it is binary data, which no type reads", candidates: [] };
  }
  if (text.startsWith(OLE)) {
    return {
      reason:
        "it is a mail of Outlook or a document of Office: save a mail as .eml, a table as CSV",
      candidates: [],
    };
  }
  if (WEB_PAGE.test(text)) return { reason: "it is a web page or XML", candidates: [] };
  const candidates = [...recogniseJson(name, text), ...recogniseText(name, text)];
  const typetags = new Set(candidates.map(({ typetag }) => typetag));
  const [first] = candidates;
  if (first === undefined) {
    const { reason, indicators, isOther } = doubtAbout(name, text);
    if (isOther) return { reason, candidates };
    return { reason, isInDoubt: true, candidates, ...(indicators > 0 && { indicators }) };
  }
  if (typetags.size === 1) return { ...first, candidates };
  const all = candidates.map(({ typetag, reason }) => `${typetag} (${reason})`).join(" or ");
  return { reason: `it could be ${all}`, isInDoubt: true, candidates };
}
