import { deleteInstance } from "../tahoe/edit.ts";
import { removeEvents } from "../tahoe/session.ts";
import type { Event, Hash, Instance, Raw, Session, Source } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { Filter } from "../typetags/filter.ts";
import { reasonOf, understand, type Understood } from "./events.ts";

export type ReparseOptions = {
  readonly archive: InstanceStore;
  readonly filter: Filter;
  /** Say what would change, and change nothing. */
  readonly dryRun: boolean;
  /** Seconds since 1970: the time of Raws that do not say when they were sent. */
  readonly now: number;
};

/** What a filter makes of a stored Raw now, beside what was made of it before. */
export type Reparsed = {
  readonly raw: Hash;
  readonly come: readonly Event[];
  readonly go: readonly Event[];
  readonly stay: number;
  /** Why nothing was made of it this time: then all stays as it is. */
  readonly rejected?: string;
  /** The existing system made its events, nobody knows at which time: it is left alone. */
  readonly elsewhere?: true;
};

/**
 * Runs a filter over a stored Raw once more, for each organisation that sent it. Events that come
 * are stored, events that nothing else refers to go; another run changes nothing.
 */
export async function reparse(raw: Raw, options: ReparseOptions): Promise<Reparsed> {
  const { archive, filter, dryRun, now } = options;
  const sources = ownSources(raw, filter, now);
  const nothing = { raw: raw._hash, come: [], go: [], stay: 0 };
  if (sources.length === 0) return { ...nothing, elsewhere: true };
  const bare = bareRaw(raw);
  const parts = sources.map((source) => understand({ raw: bare, source }, filter));
  const failed = parts.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { ...nothing, rejected: reasonOf(failed.error) };

  const made = new Map(parts.flatMap((part) => part.filtered!.events).map(byHash));
  const before = (await archive.get(raw._ref ?? [])).filter(isKept);
  const old = new Map(before.filter((one) => one.itype === "event").map(byHash));
  const come = [...made.values()].filter(({ _hash }) => !old.has(_hash));
  const go = [...old.values()].filter(({ _hash }) => !made.has(_hash));
  const reparsed = { raw: raw._hash, come, go, stay: made.size - come.length };
  if (!dryRun) await exchange(raw, before, parts, archive);
  return reparsed;
}

/** Who sent the Raw, as far as its events are ours to make. */
function ownSources({ _sources = [], filters = [], ...raw }: Raw, filter: Filter, now: number) {
  const own = _sources.filter(({ events }) => events !== "elsewhere");
  if (own.length > 0) return distinct(own);
  if (filters.includes(filter.id)) return [];
  return [{ orgid: raw.orgid, timezone: raw.timezone, timestamp: now }];
}

/** Sources without what an earlier run noted in them. */
function distinct(sources: readonly Source[]): Source[] {
  const bare = sources.map(({ orgid, timezone, timestamp }) => ({ orgid, timezone, timestamp }));
  return [...new Map(bare.map((source) => [JSON.stringify(source), source])).values()];
}

function bareRaw({ itype, sub_type, data, orgid, timezone, _hash }: Raw): Raw {
  return { itype, sub_type, data, orgid, timezone, _hash };
}

/** Stores what was made and, in one step, gives the Raw its new references and takes out the old. */
async function exchange(
  { _hash }: Raw,
  before: readonly (Event | Session)[],
  parts: readonly Understood[],
  archive: InstanceStore,
): Promise<void> {
  await archive.put(parts.flatMap(({ instances }) => instances));
  await archive.atomically(async (store) => {
    const [raw] = await store.get([_hash]) as Raw[];
    if (raw === undefined) return;
    await store.replace(_hash, renewed(raw, parts));
    const kept = new Set(parts.flatMap(({ filtered }) => filtered!.refs));
    for (const gone of before.filter((one) => !kept.has(one._hash))) {
      await removeUnlessTold(store, gone);
    }
  });
}

/** The Raw as the parts have it, with what was not ours to make. */
function renewed(raw: Raw, parts: readonly Understood[]): Raw {
  const others = (raw._sources ?? []).filter(({ events }) => events === "elsewhere");
  const { _valid, ...rest } = raw;
  return {
    ...rest,
    filters: [...new Set(parts.flatMap((part) => [...raw.filters ?? [], ...part.raw.filters!]))],
    _ref: [...new Set(parts.flatMap((part) => part.raw._ref!))],
    _sources: [...others, ...parts.flatMap((part) => part.raw._sources!)],
  };
}

/** Takes an event or a session out of the store, unless another Raw tells of it. */
async function removeUnlessTold(store: InstanceStore, gone: Event | Session): Promise<void> {
  const referrers = await store.referrers(gone._hash);
  if (referrers.some(({ itype }) => itype !== "session")) return;
  for (const session of gone.itype === "event" ? referrers as Session[] : []) {
    await store.replace(session._hash, removeEvents(session, [gone as Event]));
  }
  await deleteInstance(store, gone._hash);
}

function isKept(instance: Instance): instance is Event | Session {
  return instance.itype === "event" || instance.itype === "session";
}

function byHash<T extends Instance>(instance: T): [Hash, T] {
  return [instance._hash, instance];
}
