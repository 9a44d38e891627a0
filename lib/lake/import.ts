import { Rejected } from "../errors.ts";
import type { Hash, Raw } from "../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import type { PackedUpload } from "./filter_thread.ts";
import { type Filters, filterUploads, rejectionReason } from "./filter_uploads.ts";
import { countImported, type ImportCounts } from "./import_counts.ts";
import type { ParsedUpload } from "./parse.ts";
import { parseInput } from "./parse_input.ts";
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
 * archive. Data that the organisation sent before stays as it is. `ahead` is what another thread
 * makes of the file.
 */
export async function importOne(
  { name, data, ...times }: InputFile,
  options: ImportOptions,
  ahead?: Promise<PackedUpload | undefined>,
): Promise<Imported> {
  try {
    if (data instanceof Error) return { name, refused: data.message };
    const stored = await storePacked(await ahead, options.archive);
    if (stored !== undefined) return { name, ...stored };
    return await importParsed(
      await parseInput({ name, data, ...times }, {
        upload: options.upload,
        timestamp: options.now(),
      }),
      options,
    );
  } catch (error) {
    if (error instanceof Rejected) return { name, refused: error.message };
    throw error;
  }
}

/**
 * Stores what another thread made of an input. Returns undefined, and may have stored a part of it,
 * if there is more to do than that: the archive has the Raw, or rejects something.
 */
async function storePacked(
  packed: PackedUpload | undefined,
  archive: InstanceStore,
): Promise<{ readonly ref: Hash; readonly filtered: ImportCounts } | undefined> {
  if (packed === undefined) return undefined;
  const { ref, instances, counts: filtered } = packed;
  if ((await archive.missing([ref])).length === 0) return undefined;
  try {
    await archive.putPacked(instances);
    return { ref, filtered };
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}

async function importParsed(
  parsed: ParsedUpload,
  { archive, filters, now, isGrowth = false }: ImportOptions,
): Promise<Imported> {
  const { raw: { _hash: ref }, file: name = "" } = parsed;
  if (await isKnown(parsed, { archive, filters, isGrowth })) return { name, ref, known: true };
  const [stored] = await storeUploads(await filterUploads([parsed], { archive, filters }), archive);
  if (stored instanceof Rejected) throw stored;
  const { filtered, error } = stored!;
  return {
    name,
    ref,
    ...(filtered !== undefined && { filtered: countImported(filtered, now()) }),
    ...(error !== undefined && { reason: rejectionReason(error) }),
  };
}

/**
 * Whether the archive has the data from this organisation, its events included, which do not depend
 * on the time zone of the upload.
 */
async function isKnown(
  { raw, source: { orgid, timestamp } }: ParsedUpload,
  { archive, filters, isGrowth }: Required<Pick<ImportOptions, "archive" | "filters" | "isGrowth">>,
): Promise<boolean> {
  const [present] = await archive.get([raw._hash], leaveOut) as Raw[];
  if (present === undefined) return false;
  const filter = filters.get(raw.sub_type);
  const wasFiltered = filter === undefined || present.filters?.includes(filter.id) === true;
  const wasSent = present._sources?.some((source) =>
    source.orgid === orgid && source.events !== "rejected" &&
    (source.timestamp === timestamp || !isGrowth)
  );
  return wasFiltered && wasSent === true;
}
