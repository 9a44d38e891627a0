import type { Report } from "../tahoe/instance.ts";
import type { Interval } from "../tdql/intervals.ts";

const DAY = 86_400;

/** The longest time, in seconds, that is shown in each interval: some 200 bars at most. */
const LONGEST: readonly (readonly [interval: Interval, seconds: number])[] = [
  ["hour", 4 * DAY],
  ["day", 200 * DAY],
  ["week", 4 * 366 * DAY],
  ["month", 400 * 366 * DAY],
];

/**
 * Chooses the interval for a histogram of the events that a report counts. Undefined if there are
 * none, or they are centuries apart.
 */
export function fittingInterval({ details }: Report): Interval | undefined {
  if (details?.first_seen === undefined || details.last_seen === undefined) return undefined;
  const { question, range, first_seen, last_seen } = details;
  const hasEnd = question["to"] !== undefined || question["last"] !== undefined;
  const start = typeof range["from"] === "number" ? range["from"] : first_seen;
  const end = hasEnd && typeof range["to"] === "number" ? range["to"] : last_seen;
  return LONGEST.find(([, seconds]) => end - start <= seconds)?.[0];
}
