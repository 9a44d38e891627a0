import { InvalidArgumentError } from "commander";

/** Reads the value of `--limit`. */
export function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError("Give a whole number of at least 1.");
  }
  return Number(text);
}
