import { Rejected } from "../../lib/errors.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import type { Hash, Instance, Raw } from "../../lib/tahoe/instance.ts";
import { mergeInstance } from "../../lib/tahoe/merge.ts";
import type { FilterResult } from "../../lib/typetags/filter.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";

/** An upload in plaintext, and what its sender says about it. */
export type PlainUpload = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
  readonly plaintext: string;
};

/** An upload as the archive stores it: its Raw, and what the filter made of it or why it rejected it. */
export type ArchivedUpload = {
  readonly raw: Raw;
  readonly filtered?: FilterResult;
  readonly rejected?: Rejected;
};

/** Reads an upload that was sent at `now` as the archive does, but stores nothing. */
export function archiveUpload(upload: PlainUpload, now: number): ArchivedUpload {
  const { typetag, orgid, timezone, plaintext } = upload;
  const filter = FILTERS.get(typetag);
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

/** The documents of a collection after all of these uploads were stored, in this order. */
export function collectDocuments(all: readonly ArchivedUpload[]): ReadonlyMap<Hash, Instance> {
  const documents = new Map<Hash, Instance>();
  for (const { raw, filtered } of all) {
    for (const instance of [raw, ...filtered?.instances ?? []]) {
      const present = documents.get(instance._hash);
      documents.set(
        instance._hash,
        present === undefined ? instance : mergeInstance(present, instance),
      );
    }
  }
  return documents;
}
