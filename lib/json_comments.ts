/** Blanks and comments, of which JSON does not know the latter. */
const COMMENTS = /^(?:\s|(?:\/\/|#)[^\n]*\n|\/\*[^*]*\*\/)*/;

/** A text without the blanks and comments before it. */
export function withoutComments(text: string): string {
  return text.replace(COMMENTS, "");
}
