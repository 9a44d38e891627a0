import { printable } from "../printable.ts";
import type { AttributeName } from "../tahoe/attribute.ts";

/**
 * A value cannot be of the sub-type that it is asked as, or its kind is unclear. The message says
 * why, and what would be right.
 */
export class NotUnderstood extends Error {
  override name = "NotUnderstood";
  /** The message without the value, such as `cannot be an ipv4: give an address`. */
  readonly reason: string;
  /** Sub-types that the value may have, if it does not show its own; the likeliest first. */
  readonly kinds: readonly string[];
  /** The only indicator in the value, beside other words. */
  readonly held: AttributeName | undefined;

  constructor(
    value: string,
    reason: string,
    { kinds = [], held }: {
      readonly kinds?: readonly string[];
      readonly held?: AttributeName;
    } = {},
  ) {
    super(`${shown(value)} ${reason}`);
    this.reason = reason;
    this.kinds = kinds;
    this.held = held;
  }
}

/** Characters of a value that an error shows. */
const SHOWN = 60;

/** A value as errors show it: the beginning, in quotes, without control characters. */
function shown(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
  return `"${printable(short)}"`;
}
