import { HASH_LENGTHS } from "./hash_name.ts";

/**
 * Hex digits in groups, as viewers of certificates, files and keys show a hash, or behind `0x`. With
 * hyphens they are pairs only: a UUID has longer groups.
 */
const GROUPED = new RegExp(
  [
    "0x[0-9a-f]+",
    ...[":", "-", String.raw`\s{1,4}`].map((mark) => `[0-9a-f]{2}(?:${mark}[0-9a-f]{2})+`),
    String.raw`[0-9a-f]{4,8}(?:\s{1,4}[0-9a-f]{4,8})+`,
  ].map((form) => `^${form}$`).join("|"),
  "i",
);

/** A hash whose digits are in groups, as one word; other text as it stands. */
export function joinedHash(text: string): string {
  if (!GROUPED.test(text)) return text;
  const digits = text.replace(/^0x/i, "").replaceAll(/[^0-9a-f]/gi, "");
  return HASH_LENGTHS.has(digits.length) && /[a-f]/i.test(digits) ? digits : text;
}
