/** Characters of a cell of a list at most: what is longer, `show` has whole. */
const MAX_CHARACTERS = 300;

/** Cuts a long text for a list, whose writer may have made it megabytes long; null stays null. */
export function shortCell(text: string | null): string | null {
  return text !== null && text.length > MAX_CHARACTERS
    ? `${text.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…`
    : text;
}
