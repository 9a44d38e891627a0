import { Rejected } from "../errors.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { FilterResult } from "../typetags/filter.ts";
import { type FilteredUpload, reasonOf, withoutEvents } from "./events.ts";

/** An upload that is in the archive. */
export type Stored = {
  /** The Raw's. */
  readonly ref: Hash;
  readonly filtered?: FilterResult;
  /** Why no events were made of it, though there is a filter; `error` is what was thrown. */
  readonly reason?: string;
  readonly error?: unknown;
};

/**
 * Stores Raws and their events, all in one step where the store takes all of them. If it rejects
 * something, one upload at a time to tell which: then the Raw without its events, and if even that
 * is rejected, the error stands in place of the result.
 */
export async function storeUploads(
  uploads: readonly FilteredUpload[],
  archive: InstanceStore,
): Promise<(Stored | Rejected)[]> {
  try {
    await archive.put(uploads.flatMap(({ instances, raw }): readonly Instance[] => [
      ...instances,
      raw,
    ]));
    return uploads.map(toStored);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    if (uploads.length === 1) return [await storeRaw(uploads[0]!, archive, error)];
  }
  const results: (Stored | Rejected)[] = [];
  for (const upload of uploads) results.push(...await storeUploads([upload], archive));
  return results;
}

/** Stores the Raw alone: its events are what the store rejects, unless it is the Raw itself. */
async function storeRaw(
  { sending, raw, filtered }: FilteredUpload,
  archive: InstanceStore,
  error: Rejected,
): Promise<Stored | Rejected> {
  if (filtered === undefined) return error;
  try {
    await archive.put([withoutEvents(sending, error)]);
    return { ref: raw._hash, reason: reasonOf(error), error };
  } catch (again) {
    if (again instanceof Rejected) return again;
    throw again;
  }
}

function toStored({ raw, filtered, error }: FilteredUpload): Stored {
  return {
    ref: raw._hash,
    ...(filtered !== undefined && { filtered }),
    ...(error !== undefined && { reason: reasonOf(error), error }),
  };
}
