import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import type { Hash, Instance, Raw, Source } from "../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import type { Filter, FilterResult } from "../typetags/filter.ts";
import type { ParsedUpload } from "./parse.ts";
import { textFault } from "../text/text_fault.ts";

/** The filters in use, by typetag; empty where another program makes events of the Raws. */
export type Filters = ReadonlyMap<string, Filter>;

/** An upload after its filter ran: the Raw as it will be stored, and its events. */
export type FilteredUpload = {
  readonly parsed: ParsedUpload;
  readonly raw: Raw;
  /** Instances to store before the Raw, children first. */
  readonly instances: readonly Instance[];
  /** Missing if no filter made events of it. */
  readonly filtered?: FilterResult;
  /** What was thrown, if a filter was there but its events could not be made or stored. */
  readonly error?: unknown;
};

/** Bytes left in a Raw's document for what later uploads of the same data add. */
const ROOM_FOR_SOURCES = 1024 ** 2;

/**
 * Runs the filters over uploads that have one. Reads the archive first: where the existing system's
 * analytics module made the events of an organisation's upload, they stay its own.
 */
export async function filterUploads(
  uploads: readonly ParsedUpload[],
  { archive, filters }: { archive: Pick<InstanceStore, "get">; filters: Filters },
): Promise<FilteredUpload[]> {
  const stored = await storedRaws(uploads.filter(({ raw }) => filters.has(raw.sub_type)), archive);
  return uploads.map((parsed) => {
    const { raw, source } = parsed;
    const filter = filters.get(raw.sub_type);
    if (filter === undefined) {
      return unfiltered(parsed, { ...source, ...(filters.size > 0 && fileOf(parsed)) });
    }
    const present = stored.get(raw._hash);
    if (present === undefined) return filterUpload(parsed, filter);
    return wasAnalysedElsewhere(present, source, filter)
      ? unfiltered(parsed, { ...source, events: "elsewhere" })
      : reconcileValidity(filterUpload(parsed, filter), present, filter);
  });
}

async function storedRaws(
  uploads: readonly ParsedUpload[],
  archive: Pick<InstanceStore, "get">,
): Promise<ReadonlyMap<Hash, Raw>> {
  if (uploads.length === 0) return new Map();
  // One that others damaged is as good as none: storing it again repairs what it can.
  const raws = await archive.get(uploads.map(({ raw }) => raw._hash), leaveOut) as Raw[];
  return new Map(raws.map((raw) => [raw._hash, raw]));
}

/** The name of an imported file, which is kept where no event is made of it. */
function fileOf({ file }: ParsedUpload): Pick<Source, "file"> {
  return file === undefined ? {} : { file };
}

function unfiltered(parsed: ParsedUpload, source: Source): FilteredUpload {
  return { parsed, raw: { ...parsed.raw, _sources: [source] }, instances: [] };
}

/**
 * Whether the existing system made the events of this organisation's upload: it does so for the
 * first organisation only, and we have made none yet.
 */
function wasAnalysedElsewhere(
  { filters = [], orgid, _sources = [] }: Raw,
  source: Source,
  { id }: Filter,
): boolean {
  return filters.includes(id) && orgid === source.orgid &&
    !_sources.some(({ orgid, events }) => orgid === source.orgid && events === "made");
}

/** Keeps the Raw valid if either program made events of it, whatever the other one said. */
function reconcileValidity(upload: FilteredUpload, present: Raw, { id }: Filter): FilteredUpload {
  const { _valid, ...raw } = upload.raw;
  if (upload.filtered !== undefined && present._valid === false) {
    return { ...upload, raw: { ...raw, _valid: true } };
  }
  return present.filters?.includes(id) ? { ...upload, raw } : upload;
}

/** Makes the events of one upload. Whatever the filter throws, the Raw can be stored. */
export function filterUpload(parsed: ParsedUpload, filter: Filter): FilteredUpload {
  const { raw, source } = parsed;
  try {
    const read = filter.read(raw.data, source);
    const filtered = { ...read, skipped: { ...parsed.skipped, ...read.skipped } };
    const { rejected, skipped, refs, instances } = filtered;
    const noted: Source = {
      ...source,
      events: "made",
      ...(rejected.length > 0 && { rejected_records: rejected.map(countsAsFields) }),
      ...(Object.keys(skipped).length > 0 && { skipped: countsAsFields(skipped) }),
    };
    const whole = { ...raw, _ref: refs, filters: [filter.id], _sources: [noted] };
    return { parsed, raw: limitReferences(whole, filtered), instances, filtered };
  } catch (error) {
    return withoutEvents(parsed, explainInvalid(raw.data, error));
  }
}

/** Replaces what a filter says of data that is not of its format by what is wrong with the data. */
function explainInvalid(data: Value, error: unknown): unknown {
  if (!(error instanceof Rejected) || error.code !== "EVENTS_INVALID" || !isFields(data)) {
    return error;
  }
  const text = data["data"];
  const fault = typeof text === "string" ? textFault(text) : undefined;
  return fault === undefined ? error : new Rejected("EVENTS_INVALID", fault, { cause: error });
}

/** The upload with its Raw alone, which notes why it has no events. */
export function withoutEvents(parsed: ParsedUpload, error: unknown): FilteredUpload {
  const { raw, source } = parsed;
  const reason = rejectionReason(error);
  const noted: Source = { ...source, events: "rejected", reason, ...fileOf(parsed) };
  const isInvalid = error instanceof Rejected && error.code === "EVENTS_INVALID";
  return {
    parsed,
    raw: { ...raw, _sources: [noted], ...(isInvalid && { _valid: false }) },
    instances: [],
    error,
  };
}

/** `CODE: message` of a {@link Rejected}, otherwise the error's own text. */
export function rejectionReason(error: unknown): string {
  return error instanceof Rejected ? `${error.code}: ${error.message}` : String(error);
}

/** Drops references to attributes and objects if all references together do not fit the document. */
function limitReferences(raw: Raw, { instances }: FilterResult): Raw {
  if (bsonSize(raw as unknown as Fields) <= MAX_DOCUMENT_BYTES - ROOM_FOR_SOURCES) return raw;
  const _ref = instances
    .filter(({ itype }) => itype === "event" || itype === "session")
    .map(({ _hash }) => _hash);
  const smaller = { ...raw, _ref };
  if (bsonSize(smaller as unknown as Fields) <= MAX_DOCUMENT_BYTES) return smaller;
  throw new Rejected(
    "EVENTS_REJECTED",
    `The references to its ${_ref.length} events do not fit a document of 16 MiB. Split the upload`,
  );
}

function countsAsFields<T extends { readonly [name: string]: number | string }>(
  counts: T,
): Fields {
  const entries = Object.entries(counts).map(([name, value]) =>
    [name, typeof value === "number" ? BigInt(value) : value] as const
  );
  return Object.fromEntries(entries);
}
