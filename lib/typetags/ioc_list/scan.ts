import { type Indicator, LONGEST, recognise } from "./recognise.ts";
import { refang } from "./refang.ts";

/** Blanks and what no URL holds; a separator where the next URL begins. */
const BETWEEN = /[\s"<>`“”„‘’«»]+|[,;|](?=[a-z]{2,5}:\/\/)/i;
const WITHIN = /[,;|=(){}]+/;
const LABEL = /^[A-Za-z0-9_-]{1,20}:/;
const LABEL_ALONE = /^[A-Za-z0-9_-]{1,20}:$/;

/** Marks around a word; more of them make it no word. */
const MOST_MARKS = 8;

/** The words of a text but labels, each as the indicator that it is, or as undefined. */
export function scan(text: string): readonly (Indicator | undefined)[] {
  const plain = refang(text);
  const isCertain = plain !== text;
  return plain.split(BETWEEN).filter((word) => word !== "" && !LABEL_ALONE.test(word))
    .flatMap((word) => scanWord(word, isCertain));
}

function scanWord(word: string, isCertain: boolean): readonly (Indicator | undefined)[] {
  // IPv6 addresses may end in colons: then the word is not barer than it stands.
  const whole = word.length > LONGEST
    ? undefined
    : recognise(bare(word), isCertain) ?? recognise(word, isCertain);
  if (whole !== undefined || word.includes("://")) return [whole];
  const parts = word.split(WITHIN).filter((part) => part !== "");
  return parts.map((part) =>
    part.length > LONGEST ? undefined : recognise(bare(part).replace(LABEL, ""), isCertain)
  );
}

/** The word without the marks of the sentence or list that it stands in. */
function bare(word: string): string {
  let result = word;
  for (let marks = 0; marks < MOST_MARKS; marks++) {
    const less = withoutPair(result).replace(/^['*•-]|[.,;:'^|]$/, "");
    if (less === result) break;
    result = less;
  }
  return result;
}

function withoutPair(word: string): string {
  const opening = "([{".indexOf(word[0] ?? " ");
  const closing = ")]}".indexOf(word.at(-1) ?? " ");
  if (opening >= 0 && closing === opening) return word.slice(1, -1);
  if (opening >= 0 && !word.includes(")]}"[opening]!)) return word.slice(1);
  if (closing >= 0 && !word.includes("([{"[closing]!)) return word.slice(0, -1);
  return word;
}
