import { Rejected } from "../errors.ts";
import { MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import type { Hash, Raw } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { FilterResult } from "../typetags/filter.ts";
import { decodeUpload } from "./decode.ts";
import { type Filters, filterUploads, rejectionReason } from "./filter_uploads.ts";
import { type ParsedUpload, parsePlaintext } from "./parse.ts";
import { storeUploads } from "./store_uploads.ts";
import type { InputFile, UploadFields } from "./submit.ts";

export type ImportOptions = {
  readonly archive: InstanceStore;
  readonly filters: Filters;
  readonly upload: UploadFields;
  /** Seconds since 1970: the upload time of input that has no time of its last change. */
  readonly now: () => number;
  /** Whether it is lines of a file that grows: equal lines of another time were sent again. */
  readonly isGrowth?: boolean;
};

/** What a filter made of an input, without the instances themselves: there may be millions. */
export type ImportCounts = Pick<FilterResult, "rejected" | "skipped"> & {
  /** Number of events. */
  readonly events: number;
};

/** What became of one input file, or of one part of it. */
export type Imported =
  | {
    readonly name: string;
    /** Hash of the Raw. */
    readonly ref: Hash;
    readonly filtered?: ImportCounts;
    /** Why no events were made, though there is a filter. */
    readonly reason?: string;
  }
  /** The same data was imported or archived before. */
  | { readonly name: string; readonly ref: Hash; readonly known: true }
  | { readonly name: string; readonly refused: string };

/**
 * Takes one input file the way that an upload takes through the lake, but at once: Raw, events,
 * archive. Data that the organisation sent before stays as it is.
 */
export async function importOne(
  { name, data, modified }: InputFile,
  { archive, filters, upload, now, isGrowth = false }: ImportOptions,
): Promise<Imported> {
  try {
    if (data instanceof Error) return { name, refused: data.message };
    const { orgid, timezone, typetag } = upload;
    const { text, skipped } = await decodeUpload(data, { typetag, maxBytes: MAX_DOCUMENT_BYTES });
    const raw = parsePlaintext(text, upload);
    const source = { orgid, timezone, timestamp: modified ?? now() };
    const parsed = { raw, source, skipped, file: name };
    if (await isKnown(parsed, { archive, filters, isGrowth })) {
      return { name, ref: raw._hash, known: true };
    }
    const [stored] = await storeUploads(
      await filterUploads([parsed], { archive, filters }),
      archive,
    );
    if (stored instanceof Rejected) throw stored;
    const { filtered, error } = stored!;
    return {
      name,
      ref: raw._hash,
      ...(filtered !== undefined && { filtered: countEvents(filtered) }),
      ...(error !== undefined && { reason: rejectionReason(error) }),
    };
  } catch (error) {
    if (error instanceof Rejected) return { name, refused: error.message };
    throw error;
  }
}

function countEvents({ events, rejected, skipped }: FilterResult): ImportCounts {
  return { events: events.length, rejected, skipped };
}

/** Whether the archive has the data from this organisation, its events included. */
async function isKnown(
  { raw, source: { orgid, timezone, timestamp } }: ParsedUpload,
  { archive, filters, isGrowth }: Required<Pick<ImportOptions, "archive" | "filters" | "isGrowth">>,
): Promise<boolean> {
  const [present] = await archive.get([raw._hash]) as Raw[];
  if (present === undefined) return false;
  const filter = filters.get(raw.sub_type);
  const wasFiltered = filter === undefined || present.filters?.includes(filter.id) === true;
  const wasSent = present._sources?.some((source) =>
    source.orgid === orgid && source.timezone === timezone && source.events !== "rejected" &&
    (source.timestamp === timestamp || !isGrowth)
  );
  return wasFiltered && wasSent === true;
}
