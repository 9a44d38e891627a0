import { Rejected } from "../../lib/errors.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import type { Hash, Instance, Raw } from "../../lib/tahoe/instance.ts";
import { merged } from "../../lib/tahoe/merged.ts";
import type { FilterResult } from "../../lib/typetags/filter.ts";
import { filters } from "../../lib/typetags/typetags.ts";

export type Upload = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
  readonly plaintext: string;
};

/** What becomes of an upload: its Raw, and what the filter made of it, or why it made nothing. */
export type Archived = {
  readonly raw: Raw;
  readonly filtered?: FilterResult;
  readonly rejected?: Rejected;
};

/** Reads an upload that was sent at `now` as the archive does, and stores nothing. */
export function archived(upload: Upload, now: number): Archived {
  const { typetag, orgid, timezone, plaintext } = upload;
  const filter = filters.get(typetag);
  if (filter === undefined) throw new Error(`No filter for ${typetag}`);
  const raw = parsePlaintext(plaintext, { typetag, orgid, timezone });
  try {
    const filtered = filter.read(raw.data, { orgid, timestamp: now });
    return { raw: { ...raw, filters: [filter.id], _ref: filtered.refs }, filtered };
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    const invalid = error.code === "EVENTS_INVALID";
    return { raw: invalid ? { ...raw, _valid: false } : raw, rejected: error };
  }
}

/** The documents of a collection into which all of it was put, in this order. */
export function collected(all: readonly Archived[]): ReadonlyMap<Hash, Instance> {
  const documents = new Map<Hash, Instance>();
  for (const { raw, filtered } of all) {
    for (const instance of [raw, ...filtered?.instances ?? []]) {
      const present = documents.get(instance._hash);
      documents.set(instance._hash, present === undefined ? instance : merged(present, instance));
    }
  }
  return documents;
}
