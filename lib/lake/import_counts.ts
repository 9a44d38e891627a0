import type { Hash } from "../tahoe/instance.ts";
import type { FilterResult } from "../typetags/filter.ts";

/** What a filter made of an input, without the instances themselves: there may be millions. */
export type ImportCounts = Pick<FilterResult, "rejected" | "skipped"> & {
  /** Number of events. */
  readonly events: number;
  /** Number of those whose time is over a day later than the clock's: questions end with now. */
  readonly future: number;
  /** Those of them that each part of a large MISP event makes anew. */
  readonly heads: readonly Hash[];
};

/** Seconds by which clocks and time zones may differ. */
const DAY = 86_400;

/** Counts what a filter made. `now` is in seconds since 1970. */
export function countImported(
  { events, rejected, skipped }: FilterResult,
  now: number,
): ImportCounts {
  const future = events.filter(({ timestamp }) => timestamp > now + DAY).length;
  const heads = events.filter(({ sub_type }) => sub_type === "misp_event")
    .map(({ _hash }) => _hash);
  return { events: events.length, future, heads, rejected, skipped };
}

/** Leaves out of the counts of a file's parts the events that an earlier part had made. */
export class PartCounts {
  readonly #heads = new Set<Hash>();

  /** The counts of the next part, of new events only. */
  next(counts: ImportCounts): ImportCounts {
    const repeated = counts.heads.filter((head) => this.#heads.has(head)).length;
    for (const head of counts.heads) this.#heads.add(head);
    return { ...counts, events: counts.events - repeated };
  }
}
