import type { Indicator } from "../../indicators/recognise.ts";

/** What a list, or a part of it, was read as. */
export type ListReading = {
  readonly indicators: Indicator[];
  /** What was skipped, by name, and how often. */
  readonly skipped: Map<string, number>;
  /** Rows of a table that could not be read: their numbers, from 1, and why. */
  readonly rejected: { readonly record: number; readonly reason: string }[];
  /** True for what a server sends when it sends no list. */
  readonly isMessage?: boolean;
  /** True for JSON that is damaged so much that no record in it is whole. */
  readonly isBrokenJson?: boolean;
  /** What it is instead of a list, such as `a robots.txt`. */
  readonly otherKind?: string;
};

/** What one line is: its indicators, or what it is instead. */
export type LineReading = {
  readonly indicators: readonly Indicator[];
  readonly skip?: string;
};

/** A line without indicators, and what it is instead. */
export function skipped(skip: string): LineReading {
  return { indicators: [], skip };
}

/** Adds to the number of what was skipped. */
export function countSkipped(skipped: Map<string, number>, what: string, times = 1): void {
  if (times > 0) skipped.set(what, (skipped.get(what) ?? 0) + times);
}

/** Adds what a line is to what was read of its list. */
export function addLine(reading: ListReading, { indicators, skip }: LineReading): void {
  for (const indicator of indicators) reading.indicators.push(indicator);
  if (indicators.length > 0) return;
  countSkipped(reading.skipped, skip ?? "line without an indicator");
}
