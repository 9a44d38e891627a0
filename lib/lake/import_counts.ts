import type { FilterResult } from "../typetags/filter.ts";

/** What a filter made of an input, without the instances themselves: there may be millions. */
export type ImportCounts = Pick<FilterResult, "rejected" | "skipped"> & {
  /** Number of events. */
  readonly events: number;
  /** Number of those whose time is over a day later than the clock's: questions end with now. */
  readonly future: number;
};

/** Seconds by which clocks and time zones may differ. */
const DAY = 86_400;

/** Counts what a filter made. `now` is in seconds since 1970. */
export function countImported(
  { events, rejected, skipped }: FilterResult,
  now: number,
): ImportCounts {
  const future = events.filter(({ timestamp }) => timestamp > now + DAY).length;
  return { events: events.length, future, rejected, skipped };
}
