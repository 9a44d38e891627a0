import type { CacheLake, EntryFilter, EntrySummary } from "./lake.ts";

export type PurgeOptions = {
  readonly lake: Pick<CacheLake, "list" | "discard">;
  /** Selects among the finished entries; give states. */
  readonly filter: EntryFilter & Required<Pick<EntryFilter, "states">>;
  /** Ends the work after the entries in hand. */
  readonly signal: AbortSignal;
  /** Called with entries once they and their files are gone; never with none. */
  readonly purged: (entries: readonly EntrySummary[]) => void;
};

/** Entries that are deleted at once. */
const PAGE = 1000;

/** How many entries were deleted, and how many stay because nothing can name them. */
export type PurgeResult = { readonly purged: number; readonly unnameable: number };

/**
 * Deletes finished entries and their files, for good; doing it again completes what was broken off.
 * Steps over entries whose ids cannot be named: others may write an `_id` of any type.
 */
export async function purge({ lake, filter, signal, purged }: PurgeOptions): Promise<PurgeResult> {
  const result = { purged: 0, unnameable: 0 };
  while (!signal.aborted) {
    const page = await lake.list(filter, PAGE, { skip: result.unnameable });
    if (page.length === 0) break;
    const ids = page.map(({ id }) => id);
    const kept = page.length - await lake.discard(ids);
    // What could not be deleted is what now comes first.
    const first = kept === 0 ? [] : await lake.list(filter, kept, { skip: result.unnameable });
    const left = new Set(first.map(({ id }) => id).filter((id) => ids.includes(id)));
    const gone = page.filter(({ id }) => !left.has(id));
    result.purged += gone.length;
    result.unnameable += page.length - gone.length;
    if (gone.length > 0) purged(gone);
  }
  return result;
}
