import { Rejected } from "../errors.ts";
import type { Hash, Raw } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { FilterResult } from "../typetags/filter.ts";
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
};

/** What became of one input file. */
export type Imported =
  | {
    readonly name: string;
    /** Hash of the Raw. */
    readonly ref: Hash;
    readonly filtered?: FilterResult;
    /** Why no events were made, though there is a filter. */
    readonly reason?: string;
  }
  /** The same data was imported or archived before. */
  | { readonly name: string; readonly ref: Hash; readonly known: true }
  | { readonly name: string; readonly refused: string };

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Takes one input file the way that an upload takes through the lake, but at once: Raw, events,
 * archive. Data that the organisation sent before stays as it is.
 */
export async function importOne(
  { name, data, modified }: InputFile,
  { archive, filters, upload, now }: ImportOptions,
): Promise<Imported> {
  try {
    if (data instanceof Error) return { name, refused: data.message };
    const { orgid, timezone } = upload;
    const raw = parsePlaintext(decodeUtf8(data), upload);
    const parsed = { raw, source: { orgid, timezone, timestamp: modified ?? now() } };
    if (await isKnown(parsed, { archive, filters })) return { name, ref: raw._hash, known: true };
    const [stored] = await storeUploads(
      await filterUploads([parsed], { archive, filters }),
      archive,
    );
    if (stored instanceof Rejected) throw stored;
    const { filtered, error } = stored!;
    return {
      name,
      ref: raw._hash,
      ...(filtered !== undefined && { filtered }),
      ...(error !== undefined && { reason: rejectionReason(error) }),
    };
  } catch (error) {
    if (error instanceof Rejected) return { name, refused: error.message };
    throw error;
  }
}

function decodeUtf8(data: Uint8Array): string {
  try {
    return UTF_8.decode(data);
  } catch {
    throw new Rejected("ENTRY_INVALID", "it is not UTF-8 text, and binary data cannot be archived");
  }
}

/** Whether the archive has the data from this organisation, its events included. */
async function isKnown(
  { raw, source: { orgid, timezone } }: ParsedUpload,
  { archive, filters }: Pick<ImportOptions, "archive" | "filters">,
): Promise<boolean> {
  const [present] = await archive.get([raw._hash]) as Raw[];
  if (present === undefined) return false;
  const filter = filters.get(raw.sub_type);
  const wasFiltered = filter === undefined || present.filters?.includes(filter.id) === true;
  const wasSent = present._sources?.some((source) =>
    source.orgid === orgid && source.timezone === timezone && source.events !== "rejected"
  );
  return wasFiltered && wasSent === true;
}
