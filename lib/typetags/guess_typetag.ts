import type { TypeCandidate } from "./guess/candidate.ts";
import { recogniseText } from "./guess/text.ts";
import { recogniseJson } from "./guess/json.ts";

/** What data is taken for; `typetag` is missing if there is any doubt. */
export type TypeGuess = {
  readonly typetag?: string;
  readonly reason: string;
  readonly candidates: readonly TypeCandidate[];
};

const WEB_PAGE = /^<(?:!doctype|html|head|\?xml|rss|feed)\b/i;

/**
 * Says what typetag a file has, from its name and the beginning of its text. Only what leaves no
 * doubt counts: whatever is taken for an indicator list becomes malicious events.
 */
export function guessTypetag(name: string, start: string): TypeGuess {
  const text = start.trimStart();
  if (text === "") return { reason: "it is empty", candidates: [] };
  if (WEB_PAGE.test(text)) return { reason: "it is a web page or XML", candidates: [] };
  const candidates = [...recogniseJson(text), ...recogniseText(name, text)];
  const typetags = new Set(candidates.map(({ typetag }) => typetag));
  const [first] = candidates;
  if (first === undefined) {
    return { reason: "neither its name nor its content says what it is", candidates };
  }
  if (typetags.size === 1) return { ...first, candidates };
  const all = candidates.map(({ typetag, reason }) => `${typetag} (${reason})`).join(" or ");
  return { reason: `it could be ${all}`, candidates };
}
