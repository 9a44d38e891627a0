import stringWidth from "string-width";

/** Columns that a text takes on a screen: wide characters take two. */
export function textWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}
