import { type Indicator, MAX_INDICATOR_LENGTH, recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";

/** White space and characters that no URL contains; also a separator before the scheme of a URL. */
const WORD_BREAK = /[\s"<>`“”„‘’«»]+|[,;|](?=[a-z]{2,5}:\/\/)/i;
/** Characters that separate indicators, but may also be part of a URL. */
const INNER_BREAK = /[,;|=(){}]+/;
/** `MD5:` or `ip:` before an indicator. */
const LABEL = /^[A-Za-z0-9_-]{1,20}:/;
const LABEL_ALONE = /^[A-Za-z0-9_-]{1,20}:$/;

/** Punctuation marks that are stripped from one word, at most: more of them do not make an indicator. */
const MAX_MARKS = 8;

/** Each word of a text except labels, as the indicator that it is; undefined for other words. */
export function scan(text: string): readonly (Indicator | undefined)[] {
  const refanged = refang(text);
  const isCertain = refanged !== text;
  return refanged.split(WORD_BREAK).filter((word) => word !== "" && !LABEL_ALONE.test(word))
    .flatMap((word) => scanWord(word, isCertain));
}

function scanWord(word: string, isCertain: boolean): readonly (Indicator | undefined)[] {
  // An IPv6 address may end in colons, which stripMarks would take away: the word itself comes next.
  const whole = word.length > MAX_INDICATOR_LENGTH
    ? undefined
    : recognise(stripMarks(word), isCertain) ?? recognise(word, isCertain);
  if (whole !== undefined || word.includes("://")) return [whole];
  const parts = word.split(INNER_BREAK).filter((part) => part !== "");
  return parts.map((part) =>
    part.length > MAX_INDICATOR_LENGTH
      ? undefined
      : recognise(stripMarks(part).replace(LABEL, ""), isCertain)
  );
}

/** The word without the punctuation of the sentence or list around it. */
function stripMarks(word: string): string {
  let result = word;
  for (let marks = 0; marks < MAX_MARKS; marks++) {
    const stripped = stripBrackets(result).replace(/^['*•-]|[.,;:'^|]$/, "");
    if (stripped === result) break;
    result = stripped;
  }
  return result;
}

/** The word without a pair of brackets around it, or without a bracket that has no counterpart. */
function stripBrackets(word: string): string {
  const opening = "([{".indexOf(word[0] ?? " ");
  const closing = ")]}".indexOf(word.at(-1) ?? " ");
  if (opening >= 0 && closing === opening) return word.slice(1, -1);
  if (opening >= 0 && !word.includes(")]}"[opening]!)) return word.slice(1);
  if (closing >= 0 && !word.includes("([{"[closing]!)) return word.slice(0, -1);
  return word;
}
