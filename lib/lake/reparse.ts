import { deleteInstance } from "../tahoe/edit.ts";
import { removeEvents } from "../tahoe/session.ts";
import type { Event, Hash, Instance, Raw, Session, Source } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { Filter } from "../typetags/filter.ts";
import { type FilteredUpload, filterUpload, reasonOf } from "./events.ts";

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
  /** The existing system made its events: it is left alone. */
  readonly elsewhere?: true;
};

/**
 * Runs a filter over a stored Raw once more, for each organisation that sent it. Events that come
 * are stored, events that nothing else refers to go; another run changes nothing. What the existing
 * system made stays.
 */
export async function reparse(raw: Raw, options: ReparseOptions): Promise<Reparsed> {
  const { archive, filter, dryRun, now } = options;
  const before = (await archive.get(raw._ref ?? [])).filter(isKept);
  const sources = ownSources(raw, before.filter(isEvent), now);
  const nothing = { raw: raw._hash, come: [], go: [], stay: 0 };
  if (sources.length === 0) return { ...nothing, elsewhere: true };
  const parts = sources.map((source) => filterUpload({ raw: bareRaw(raw), source }, filter));
  const failed = parts.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { ...nothing, rejected: reasonOf(failed.error) };

  const orgids = new Set(sources.map(({ orgid }) => orgid));
  const made = new Map(parts.flatMap((part) => part.filtered!.events).map(byHash));
  const old = new Map(before.filter(isEvent).filter(({ orgid }) => orgids.has(orgid)).map(byHash));
  const come = [...made.values()].filter(({ _hash }) => !old.has(_hash));
  const go = [...old.values()].filter(({ _hash }) => !made.has(_hash));
  if (!dryRun) await exchange(raw, { before, parts, orgids }, archive);
  return { raw: raw._hash, come, go, stay: made.size - come.length };
}

/** Who sent the Raw, as far as the events are ours to make: not where others made some, and we none. */
function ownSources(raw: Raw, before: readonly Event[], now: number): Source[] {
  const { _sources = [], orgid, timezone } = raw;
  const ours = new Set(
    _sources.filter(({ events }) => events === "made").map(({ orgid }) => orgid),
  );
  const made = new Set(before.map(({ orgid }) => orgid));
  const known = _sources.some((source) => source.orgid === orgid);
  const all = known ? _sources : [..._sources, { orgid, timezone, timestamp: now }];
  // Without what an earlier run noted in them.
  const own = all
    .filter(({ orgid }) => ours.has(orgid) || !made.has(orgid))
    .map(({ orgid, timezone, timestamp }) => ({ orgid, timezone, timestamp }));
  return [...new Map(own.map((source) => [JSON.stringify(source), source])).values()];
}

function bareRaw({ itype, sub_type, data, orgid, timezone, _hash }: Raw): Raw {
  return { itype, sub_type, data, orgid, timezone, _hash };
}

/** What a Raw refers to now, what was made of it anew, and for whom. */
type Exchange = {
  readonly before: readonly (Event | Session)[];
  readonly parts: readonly FilteredUpload[];
  readonly orgids: ReadonlySet<string>;
};

/** Stores what was made and, in one step, gives the Raw its new references and takes out the old. */
async function exchange({ _hash }: Raw, made: Exchange, archive: InstanceStore): Promise<void> {
  const { before, parts } = made;
  const others = refsOfOthers(made);
  await archive.put(parts.flatMap(({ instances }) => instances));
  await archive.atomically(async (store) => {
    const [raw] = await store.get([_hash]) as Raw[];
    if (raw === undefined) return;
    await store.replace(_hash, renewed(raw, made, others));
    const kept = new Set([...others, ...parts.flatMap(({ filtered }) => filtered!.refs)]);
    for (const gone of before.filter((one) => !kept.has(one._hash))) {
      await removeUnlessTold(store, gone);
    }
  });
}

/** What the Raw refers to for organisations whose events are not ours to make. */
function refsOfOthers({ before, orgids }: Exchange): ReadonlySet<Hash> {
  const events = before.filter(isEvent).filter(({ orgid }) => !orgids.has(orgid));
  const hashes = new Set(events.map(({ _hash }) => _hash));
  const sessions = before.filter((one) =>
    one.itype === "session" && one._ref.some((hash) => hashes.has(hash))
  );
  return new Set([...events.flatMap(({ _ref }) => _ref), ...[...events, ...sessions].map(hashOf)]);
}

/** The Raw as the parts have it, with what was not ours to make. */
function renewed(raw: Raw, { parts, orgids }: Exchange, others: ReadonlySet<Hash>): Raw {
  const { _valid, _sources = [], filters = [], ...rest } = raw;
  return {
    ...rest,
    filters: [...new Set(parts.flatMap((part) => [...filters, ...part.raw.filters!]))],
    _ref: [...new Set([...others, ...parts.flatMap((part) => part.raw._ref!)])],
    _sources: [
      ..._sources.filter(({ orgid }) => !orgids.has(orgid)),
      ...parts.flatMap((part) => part.raw._sources!),
    ],
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

function isEvent(instance: Event | Session): instance is Event {
  return instance.itype === "event";
}

function hashOf({ _hash }: Instance): Hash {
  return _hash;
}

function byHash<T extends Instance>(instance: T): [Hash, T] {
  return [instance._hash, instance];
}
