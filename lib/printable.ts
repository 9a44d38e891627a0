/**
 * Replaces control characters with `\u….` escapes: text from outside must not start a new line,
 * control the terminal that shows it, or change the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
