import { HEADING } from "./sections.ts";

const ALLOWED = String
  .raw`(?:white|allow|safe|pass|trust|permit)(?:[ -]?list(?:s|ed)?|ed)|benign|harmless|false[ -]positives?|exceptions?|exclu(?:sions?|ded)|known[ -]good|legit(?:imate)?|approved|exempt(?:ed|ions?)?|safe|not malicious`;
const KIND = "(?:domains?|ips?|hosts?|urls?|names?|entries|sites?|addresses)";
const ALLOWED_HEADING = new RegExp(
  String
    .raw`^\s*(?:#{1,6}\s*|\[|")?(?:(?:${ALLOWED})(?:[ _-]${KIND})?|(?:good|safe)[ _-]${KIND})\s*(?:\]|:|")?\s*$`,
  "i",
);

/** A line of words that names what is to be looked for, without a mark that makes it a heading. */
const HOSTILE_HEADING =
  /^\s*(?=.*\b(?:malicious|block(?:ed|[ -]?lists?)?|den(?:y|ied)(?:[ -]?list)?|black[ -]?list(?:ed)?|bad|evil|c2|iocs?|indicators?|threats?|phishing|malware)\b)[\w ()/-]{2,60}\s*$/i;

/** `{ +block{Ads} }`, `{ -block }`: what Privoxy does with the hosts in the lines below. */
const ACTIONS = /^\s*\{(?:[\s\\]*[-+][a-z]|\{\s*\w+\s*\}\})/i;

/**
 * Leaves out lines below a heading such as `[allowlist]`, `whitelist:`, `Trusted domains` or
 * `{ -block }`, up to the next one.
 */
export function withoutExceptions(
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly exceptions: number } {
  let isAllowed = false;
  const kept = lines.filter((line) => {
    if (ACTIONS.test(line)) isAllowed = !/[{\s]\+block\b/.test(line);
    else if (ALLOWED_HEADING.test(line)) isAllowed = true;
    else if (isHeading(line)) isAllowed = false;
    return !isAllowed;
  });
  return { lines: kept, exceptions: lines.length - kept.length };
}

/** Characters of a line that may be a heading: it bounds the work on long lines. */
const MAX_HEADING = 100;

function isHeading(line: string): boolean {
  if (line.length > MAX_HEADING) return false;
  return HEADING.test(line) || /^\s*\[[\w -]{2,60}\]\s*$/.test(line) || HOSTILE_HEADING.test(line);
}
