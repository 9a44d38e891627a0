import { Rejected } from "../errors.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { type FilteredUpload, withoutEvents } from "./filter_uploads.ts";

/**
 * Stores uploads, children before parents, in one step if the archive accepts all of them. If it
 * rejects something, stores one upload after the other to find which; an upload whose events are
 * rejected is stored as its Raw alone. Returns each upload as it was stored, or in its place the
 * error that rejects even the Raw.
 */
export async function storeUploads(
  uploads: readonly FilteredUpload[],
  archive: InstanceStore,
): Promise<(FilteredUpload | Rejected)[]> {
  try {
    await archive.put(uploads.flatMap(({ instances, raw }) => [...instances, raw]));
    return [...uploads];
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    if (uploads.length === 1) return [await storeRaw(uploads[0]!, archive, error)];
  }
  const results: (FilteredUpload | Rejected)[] = [];
  for (const upload of uploads) results.push(...await storeUploads([upload], archive));
  return results;
}

/** Stores the Raw without its events, which the archive rejected with `error`. */
async function storeRaw(
  { parsed, filtered }: FilteredUpload,
  archive: InstanceStore,
  error: Rejected,
): Promise<FilteredUpload | Rejected> {
  if (filtered === undefined) return error;
  const upload = withoutEvents(parsed, error);
  try {
    await archive.put([upload.raw]);
    return upload;
  } catch (again) {
    if (again instanceof Rejected) return again;
    throw again;
  }
}
