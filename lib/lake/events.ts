import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT } from "../tahoe/bson.ts";
import type { Hash, Instance, Raw, Source } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { Fields } from "../tahoe/value.ts";
import type { Filter, FilterResult } from "../typetags/filter.ts";

/** The filters in use, by typetag; none where another program makes events of the Raws. */
export type Filters = ReadonlyMap<string, Filter>;

/** An upload's data, and who sent it when. */
export type ParsedUpload = { readonly raw: Raw; readonly source: Source };

/** A Raw as it is to be stored, and what was made of it. */
export type FilteredUpload = {
  readonly sending: ParsedUpload;
  readonly raw: Raw;
  /** What is to be stored before it, children first. */
  readonly instances: readonly Instance[];
  readonly filtered?: FilterResult;
  /** Why no events were made of it though there is a filter. */
  readonly error?: unknown;
};

/** Room in a Raw's document for what later uploads of the same data add. */
const ROOM = 1024 ** 2;

/**
 * Makes events of uploads that have a filter. Looks into the archive first: what the existing
 * system's analytics made events of, it stays with.
 */
export async function readEvents(
  sendings: readonly ParsedUpload[],
  { archive, filters }: { archive: Pick<InstanceStore, "get">; filters: Filters },
): Promise<FilteredUpload[]> {
  const known = new Map<Hash, Raw>();
  const hashes = sendings.filter(({ raw }) => filters.has(raw.sub_type)).map(({ raw }) =>
    raw._hash
  );
  for (const raw of hashes.length > 0 ? await archive.get(hashes) : []) {
    known.set(raw._hash, raw as Raw);
  }
  return sendings.map((sending) => {
    const { raw, source } = sending;
    const filter = filters.get(raw.sub_type);
    if (filter === undefined) return untouched(sending, source);
    const present = known.get(raw._hash);
    if (present === undefined) return filterUpload(sending, filter);
    return isAnalysed(present, source, filter)
      ? untouched(sending, { ...source, events: "elsewhere" })
      : judged(filterUpload(sending, filter), present, filter);
  });
}

function untouched(sending: ParsedUpload, source: Source): FilteredUpload {
  return { sending, raw: { ...sending.raw, _sources: [source] }, instances: [] };
}

/**
 * Whether the existing system made the events of this organisation's upload: it does so for the
 * first organisation only, and we made none yet.
 */
function isAnalysed({ filters = [], orgid, _sources = [] }: Raw, source: Source, { id }: Filter) {
  return filters.includes(id) && orgid === source.orgid &&
    !_sources.some(({ orgid, events }) => orgid === source.orgid && events === "made");
}

/** What one reader made events of is valid, whatever the other said of it. */
function judged(understood: FilteredUpload, present: Raw, { id }: Filter): FilteredUpload {
  const { _valid, ...raw } = understood.raw;
  if (understood.filtered !== undefined && present._valid === false) {
    return { ...understood, raw: { ...raw, _valid: true } };
  }
  return present.filters?.includes(id) ? { ...understood, raw } : understood;
}

/** Makes events of one upload. Whatever the filter throws, the Raw can be stored. */
export function filterUpload(sending: ParsedUpload, filter: Filter): FilteredUpload {
  const { raw, source } = sending;
  try {
    const filtered = filter.read(raw.data, source);
    const { rejected, skipped, refs, instances } = filtered;
    const noted: Source = {
      ...source,
      events: "made",
      ...(rejected.length > 0 && { rejected_records: rejected.map(toFields) }),
      ...(Object.keys(skipped).length > 0 && { skipped: toFields(skipped) }),
    };
    const whole = { ...raw, _ref: refs, filters: [filter.id], _sources: [noted] };
    return { sending, raw: fitting(whole, filtered), instances, filtered };
  } catch (error) {
    return { sending, raw: withoutEvents(sending, error), instances: [], error };
  }
}

/** The Raw of an upload that no events were made of. */
export function withoutEvents({ raw, source }: ParsedUpload, error: unknown): Raw {
  const noted: Source = { ...source, events: "rejected", reason: reasonOf(error) };
  const invalid = error instanceof Rejected && error.code === "EVENTS_INVALID";
  return { ...raw, _sources: [noted], ...(invalid && { _valid: false }) };
}

export function reasonOf(error: unknown): string {
  return error instanceof Rejected ? `${error.code}: ${error.message}` : String(error);
}

/** Where references to all that a Raw's events hold do not fit, those to events and sessions do. */
function fitting(raw: Raw, { instances }: FilterResult): Raw {
  if (bsonSize(raw as unknown as Fields) <= MAX_DOCUMENT - ROOM) return raw;
  const _ref = instances
    .filter(({ itype }) => itype === "event" || itype === "session")
    .map(({ _hash }) => _hash);
  const smaller = { ...raw, _ref };
  if (bsonSize(smaller as unknown as Fields) <= MAX_DOCUMENT) return smaller;
  throw new Rejected(
    "EVENTS_REJECTED",
    `The references to its ${_ref.length} events do not fit a document of 16 MiB. Split the upload`,
  );
}

function toFields<T extends { readonly [name: string]: number | string }>(counts: T): Fields {
  const entries = Object.entries(counts).map(([name, value]) =>
    [name, typeof value === "number" ? BigInt(value) : value] as const
  );
  return Object.fromEntries(entries);
}
