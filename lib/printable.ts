/**
 * The text with `\u….` in place of control characters: text from outside must neither start a line
 * of its own nor steer the terminal it is shown on, nor turn its direction of writing.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
