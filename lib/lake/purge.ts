import type { CacheLake, EntryFilter, EntrySummary } from "./lake.ts";

export type PurgeOptions = {
  readonly lake: Pick<CacheLake, "list" | "discard">;
  /** Selects among the finished entries; give states. */
  readonly filter: EntryFilter & Required<Pick<EntryFilter, "states">>;
  /** Ends the work after the entries in hand. */
  readonly signal: AbortSignal;
  /** Called with entries once they and their files are gone. */
  readonly purged: (entries: readonly EntrySummary[]) => void;
};

/** Entries that are deleted at once. */
const PAGE = 1000;

/**
 * Deletes finished entries and their files, for good; doing it again completes what was broken off.
 * Returns how many entries.
 */
export async function purge({ lake, filter, signal, purged }: PurgeOptions): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    const page = await lake.list(filter, PAGE);
    const discarded = page.length === 0 ? 0 : await lake.discard(page.map(({ id }) => id));
    // Entries whose ids are not the API's cannot be named, and stay.
    if (discarded === 0) break;
    count += discarded;
    purged(page);
  }
  return count;
}
