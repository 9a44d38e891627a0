/** Characters by which UTF-16 is told. */
const START_LENGTH = 256;

/** Share of NULs in UTF-16 that is mostly ASCII: half of its bytes. */
const UTF_16_SHARE = 0.3;

/** Characters below which a NUL may be chance. */
const MIN_LENGTH = 8;

/** Why no event can be made of any text like this; undefined if the text does not tell. */
export function textFault(text: string): string | undefined {
  if (text.trim() === "") return "it is empty";
  return looksLikeUtf16(text) ? UTF_16_FAULT : undefined;
}

/** Why UTF-16 without a mark cannot be read. */
export const UTF_16_FAULT =
  "it looks like UTF-16 without a byte order mark. Convert it to UTF-8, or " +
  "add the mark";

/** Tells whether text was read byte by byte that has two bytes for each character. */
export function looksLikeUtf16(text: string): boolean {
  const start = text.slice(0, START_LENGTH).split("");
  const sides = start.flatMap((character, index) => character === "\0" ? [index % 2] : []);
  return start.length >= MIN_LENGTH && sides.length >= UTF_16_SHARE * start.length &&
    new Set(sides).size === 1;
}
