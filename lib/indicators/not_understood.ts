import { printable } from "../printable.ts";
import type { Scalar } from "../tahoe/value.ts";

/** One attribute by what identifies it: its kind and its value. */
export type AttributeName = { readonly subType: string; readonly data: Scalar };

/**
 * The value cannot be of the sub-type that it is asked as, or its kind is unclear. The message says
 * why, and what would be right.
 */
export class NotUnderstood extends Error {
  override name = "NotUnderstood";
}

/** Characters of a value that an error shows. */
const SHOWN = 60;

/** A value as errors show it: the beginning, in quotes, without control characters. */
export function shown(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
  return `"${printable(short)}"`;
}
