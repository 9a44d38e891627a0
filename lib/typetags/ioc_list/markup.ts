import { indicatorsOf, scan } from "./scan.ts";

const LINK = /\[((?:[^\]\\]|\\.){1,400})\]\([^()\s]{0,2000}\)/g;

/** A line of Markdown without the signs for bold, and of a link to an indicator only its text. */
export function withoutMarkup(line: string): string {
  if (!/\*\*|\]\(/.test(line)) return line;
  return line
    .replace(LINK, (all, text: string) => {
      const plain = text.replaceAll(/\\([[\]().])/g, "$1");
      return indicatorsOf(scan(plain, { certainty: true }).words).length > 0 ? plain : all;
    })
    .replaceAll(/\*\*(\S|\S[^*]*\S)\*\*/g, "$1");
}
