import { HEADING } from "./sections.ts";

const ALLOWED = String
  .raw`(?:white-?|allow-?|safe-?|pass-?)(?:list(?:s|ed)?|ed)|benign|harmless|false[ -]positives?|exceptions?|exclu(?:sions?|ded)|known[ -]good|legitimate|trusted|not malicious`;
const ALLOWED_HEADING = new RegExp(
  String
    .raw`^\s*(?:#{1,6}\s*|\[)?(?:${ALLOWED})(?:[ _-](?:domains?|ips?|hosts?|urls?|names?|entries|sites?))?\s*(?:\]|:)?\s*$`,
  "i",
);

/** Leaves out lines below a heading such as `[allowlist]` or `whitelist:`, up to the next one. */
export function withoutExceptions(
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly exceptions: number } {
  let isAllowed = false;
  const kept = lines.filter((line) => {
    const isMarked = /^\s*[#[]|[:\]]\s*$/.test(line);
    if (isMarked && ALLOWED_HEADING.test(line)) isAllowed = true;
    else if (HEADING.test(line) || /^\s*\[[\w -]{2,60}\]\s*$/.test(line)) isAllowed = false;
    return !isAllowed;
  });
  return { lines: kept, exceptions: lines.length - kept.length };
}
