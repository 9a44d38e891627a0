/** Headings below which a report says what it is based on, and whom to ask. */
const REFERENCES =
  /^\W*(?:(?:external )?references?|sources?|further reading|read more|see also|(?:related |external )?(?:links|reading|articles|posts)|credits?|acknowledge?ments?|contacts?(?: us)?|about(?: us)?|bibliography|footnotes|licen[cs]e|disclaimer)\W*$/i;
/** Other headings: of Markdown, underlined or not, or words before a colon. */
const HEADING = /^\s*#{1,6}\s+\S|^\s*(?:\*\*|__)?[\w ()/-]{2,60}:(?:\*\*|__)?\s*$/;

/** Says of each line whether it stands below such a heading, behind the first line of the text. */
export function referenceLines(lines: readonly string[]): readonly boolean[] {
  const first = lines.findIndex((line) => !/^\s*(?:#|\/\/|;)/.test(line));
  let isReference = false;
  return lines.map((line, index) => {
    if (index > first && first >= 0 && REFERENCES.test(line)) isReference = true;
    else if (HEADING.test(line)) isReference = false;
    return isReference;
  });
}

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
