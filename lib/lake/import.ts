import { Rejected } from "../errors.ts";
import type { Hash, Raw } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { type Filters, type ParsedUpload, readEvents } from "./events.ts";
import { parsePlaintext } from "./parse.ts";
import { type Stored, storeUploads } from "./store_uploads.ts";
import type { InputFile, UploadFields } from "./submit.ts";

export type ImportOptions = {
  readonly archive: InstanceStore;
  readonly filters: Filters;
  readonly label: UploadFields;
  /** Seconds since 1970: when something was sent that does not say when it was last changed. */
  readonly now: () => number;
};

/** What became of something to import. */
export type Imported =
  | (Stored & { readonly name: string })
  /** The same data was imported or archived before. */
  | { readonly name: string; readonly ref: Hash; readonly known: true }
  | { readonly name: string; readonly refused: string };

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Does at once what an upload goes through on its way over the lake: Raw, events, archive. Data that
 * the organisation sent before stays as it is.
 */
export async function importOne(
  { name, data, modified }: InputFile,
  { archive, filters, label, now }: ImportOptions,
): Promise<Imported> {
  try {
    if (data instanceof Error) return { name, refused: data.message };
    const { typetag, orgid, timezone } = label;
    const raw = parsePlaintext(typetag, orgid, timezone, decode(data));
    const sending = { raw, source: { orgid, timezone, timestamp: modified ?? now() } };
    if (await isKnown(sending, archive, filters)) return { name, ref: raw._hash, known: true };
    const [stored] = await storeUploads(await readEvents([sending], { archive, filters }), archive);
    if (stored instanceof Rejected) throw stored;
    return { name, ...stored! };
  } catch (error) {
    if (error instanceof Rejected) return { name, refused: error.message };
    throw error;
  }
}

function decode(data: Uint8Array): string {
  try {
    return UTF_8.decode(data);
  } catch {
    throw new Rejected("ENTRY_INVALID", "it is not UTF-8 text, and binary data cannot be archived");
  }
}

/** Whether the archive has the data from this organisation, its events included. */
async function isKnown(
  { raw, source: { orgid, timezone } }: ParsedUpload,
  archive: InstanceStore,
  filters: Filters,
): Promise<boolean> {
  const [present] = await archive.get([raw._hash]) as Raw[];
  if (present === undefined) return false;
  const filter = filters.get(raw.sub_type);
  const applied = filter === undefined || present.filters?.includes(filter.id) === true;
  const sent = present._sources?.some((source) =>
    source.orgid === orgid && source.timezone === timezone && source.events !== "rejected"
  );
  return applied && sent === true;
}
