import { printable } from "../lib/printable.ts";

/** Most characters of a value that are shown where it is one of many. */
export const SHOWN_CHARACTERS = 120;

/** Writes a value for show: cut if it is long, with ↵ for line ends and escapes for other controls. */
export function shownText(text: string, most = SHOWN_CHARACTERS): string {
  const characters = [...text.slice(0, 2 * most)];
  const isCut = characters.length > most || text.length > 2 * most;
  const shown = isCut ? `${characters.slice(0, most - 1).join("")}…` : text;
  return printable(shown.replace(/\r?\n/g, "↵"));
}
