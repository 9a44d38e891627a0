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
