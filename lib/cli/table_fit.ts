import { textWidth } from "./text_width.ts";

/** Lines that a cell takes on a screen, at most. */
export const MAX_LINES = 4;

/** Columns are not made narrower than this, nor wider than what they hold. */
const MIN_WIDTH = 12;

/** Characters that no column cuts: of hashes, addresses and most URLs. */
export const UNCUT = 100;

/**
 * Makes the widest columns narrower until all of them fit into the room, in characters; undefined if
 * they cannot.
 */
export function fitColumns(
  natural: readonly number[],
  room: number,
): readonly number[] | undefined {
  const least = natural.map((width) =>
    Math.min(width, Math.max(MIN_WIDTH, Math.ceil(Math.min(width, UNCUT) / MAX_LINES)))
  );
  if (sum(least) > room) return undefined;
  const limited = (limit: number) =>
    natural.map((width, column) => Math.max(least[column]!, Math.min(width, limit)));
  let [low, high] = [0, Math.max(...natural)];
  while (low < high) {
    const limit = Math.ceil((low + high) / 2);
    if (sum(limited(limit)) <= room) low = limit;
    else high = limit - 1;
  }
  return limited(low);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Breaks a text into lines of a width, at blanks if there are any; the last one of many ends in `…`. */
export function foldCell(
  text: string,
  width: number,
  maxLines: number = MAX_LINES,
): readonly string[] {
  if (textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest !== "" && lines.length < maxLines) {
    const fitting = fit(rest, width);
    const blank = fitting.length < rest.length ? fitting.lastIndexOf(" ") : -1;
    // Breaking at a blank must not leave a line half empty.
    const end = blank > fitting.length / 2 ? blank : fitting.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest === "") return lines;
  return [...lines.slice(0, -1), `${fit(lines.at(-1)!, width - 1)}…`];
}

/** The beginning of a text up to a width; at least one character. */
function fit(text: string, width: number): string {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += textWidth(character);
    if (used > width && end > 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
