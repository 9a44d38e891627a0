import { indicatorsOf, scan } from "./scan.ts";
import type { LineReading } from "./reading.ts";

const AS_NUMBER = /^\W*ASN?\s?(?:\d{1,5}\.)?\d{1,10}(?![\w:]|\.\w)/i;

/** Tells whether a line begins with the number of an autonomous system. */
export function isAsNumber(line: string): boolean {
  return AS_NUMBER.test(line);
}

/**
 * Reads a line that begins with the number of an autonomous system: addresses in it, but neither the
 * number, which stands for thousands of machines, nor the name of who holds it.
 */
export function readAsNumber(line: string): LineReading | undefined {
  if (!isAsNumber(line)) return undefined;
  const addresses = indicatorsOf(scan(line).words).filter(({ subType }) => /^ipv/.test(subType));
  return addresses.length > 0
    ? { indicators: addresses }
    : { indicators: [], skip: "autonomous system" };
}
