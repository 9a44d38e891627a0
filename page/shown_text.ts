import { printable } from "../lib/printable.ts";

/** Most characters of a value that are shown where it is one of many. */
export const SHOWN_CHARACTERS = 120;

/** Writes a value for show: cut if it is long, and with escapes for control characters. */
export function shownText(text: string, most = SHOWN_CHARACTERS): string {
  const characters = [...text.slice(0, 2 * most)];
  const isCut = characters.length > most || text.length > 2 * most;
  return printable(isCut ? `${characters.slice(0, most - 1).join("")}…` : text);
}
