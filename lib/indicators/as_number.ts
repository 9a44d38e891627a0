/** The number of an autonomous system: decimal, or two halves of 16 bits with a dot (RFC 5396). */
export const AS_DIGITS = String.raw`(?:[0-9]{1,5}\.[0-9]{1,5}(?!\.?[0-9])|[0-9]{1,10}(?!\.?[0-9]))`;

const NUMBER = new RegExp(String.raw`^(?:ASN?[ :#-]?)?"?(${AS_DIGITS})"?$`, "i");
const MARKED = new RegExp(String.raw`^ASN?[ :#-]?${AS_DIGITS}$`, "i");

/** Tells whether a text is the number of an autonomous system with `AS` before it. */
export function isMarkedAsNumber(text: string): boolean {
  return MARKED.test(text) && readAsNumber(text) !== undefined;
}

/**
 * Reads the number of an autonomous system, such as `64500`, `AS64500` or `AS1.10`, which is 65546;
 * undefined for other texts.
 */
export function readAsNumber(text: string): bigint | undefined {
  const [, digits = ""] = NUMBER.exec(text) ?? [];
  if (digits === "") return undefined;
  const [high, low] = digits.split(".").map(BigInt) as [bigint, bigint?];
  if (low === undefined) return high > 0xffff_ffffn ? undefined : high;
  return high > 0xffffn || low > 0xffffn ? undefined : high << 16n | low;
}

/** Every text that stands for such a number: `65546`, `AS65546`, `1.10`, `AS1.10`. */
export function asNumberTexts(number: bigint): readonly string[] {
  const texts = [`${number}`, `${number >> 16n}.${number & 0xffffn}`];
  const plain = number > 0xffffn ? texts : texts.slice(0, 1);
  return plain.flatMap((text) => [text, `AS${text}`]);
}
