import { deleteInstance } from "../tahoe/edit.ts";
import { removeEvents } from "../tahoe/session.ts";
import type { Event, Hash, Instance, Raw, Session, Source } from "../tahoe/instance.ts";
import { checkedInstance } from "../tahoe/instance_fault.ts";
import type { Damaged, InstanceStore } from "../tahoe/instances.ts";
import type { Filter } from "../typetags/filter.ts";
import { type FilteredUpload, filterUpload, rejectionReason } from "./filter_uploads.ts";

export type ReparseOptions = {
  readonly archive: InstanceStore;
  readonly filter: Filter;
  /** Only report what would change. */
  readonly dryRun: boolean;
  /** Seconds since 1970: the upload time of Raws that do not say when they were sent. */
  readonly now: number;
};

/** What a filter makes of a stored Raw now, compared with what was made of it before. */
export type Reparsed = {
  readonly raw: Hash;
  readonly come: readonly Event[];
  readonly go: readonly Event[];
  /** Events that stay. */
  readonly stay: number;
  /** Why the filter makes nothing of it this time: everything stays as it is. */
  readonly rejected?: string;
  /** Set if the existing system made its events: the Raw is left alone. */
  readonly elsewhere?: true;
};

/**
 * Runs a filter over a stored Raw again, for each organisation that sent it: stores new events, and
 * removes old ones that nothing else refers to. Events of the existing system stay. What cannot be
 * read is stored anew if the filter makes it, and otherwise stays. A second run changes nothing.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when what refers to an old event cannot be read.
 */
export async function reparse(raw: Raw, options: ReparseOptions): Promise<Reparsed> {
  const { archive, filter, dryRun, now } = options;
  const damaged: Hash[] = [];
  const noteDamaged = ({ hash }: Damaged) => damaged.push(hash);
  const before = (await archive.get(raw._ref ?? [], noteDamaged)).filter(isEventOrSession);
  const sources = ownSources(raw, before.filter(isEvent), now);
  const unchanged = { raw: raw._hash, come: [], go: [], stay: 0 };
  if (sources.length === 0) return { ...unchanged, elsewhere: true };
  const parts = sources.map((source) => filterUpload({ raw: bareRaw(raw), source }, filter));
  const failed = parts.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { ...unchanged, rejected: rejectionReason(failed.error) };

  const orgids = new Set(sources.map(({ orgid }) => orgid));
  const made = new Map(parts.flatMap((part) => part.filtered!.events).map(byHash));
  const old = new Map(before.filter(isEvent).filter(({ orgid }) => orgids.has(orgid)).map(byHash));
  const come = [...made.values()].filter(({ _hash }) => !old.has(_hash));
  const go = [...old.values()].filter(({ _hash }) => !made.has(_hash));
  if (!dryRun) await replaceEvents(raw, { before, damaged, parts, orgids }, archive);
  return { raw: raw._hash, come, go, stay: made.size - come.length };
}

/**
 * The sources whose events are ours to make: all but those of organisations whose events another
 * program made. What an earlier run noted in them is left out.
 */
function ownSources(raw: Raw, before: readonly Event[], now: number): Source[] {
  const { _sources = [], orgid, timezone } = raw;
  const ours = new Set(
    _sources.filter(({ events }) => events === "made").map(({ orgid }) => orgid),
  );
  const withEvents = new Set(before.map(({ orgid }) => orgid));
  const hasFirst = _sources.some((source) => source.orgid === orgid);
  const all: readonly Source[] = hasFirst
    ? _sources
    : [..._sources, { orgid, timezone, timestamp: now }];
  const own = all
    .filter(({ orgid }) => ours.has(orgid) || !withEvents.has(orgid))
    .map(({ orgid, timezone, timestamp, name }) => ({
      orgid,
      timezone,
      timestamp,
      ...(name !== undefined && { name }),
    }));
  return [...new Map(own.map((source) => [JSON.stringify(source), source])).values()];
}

function bareRaw({ itype, sub_type, data, orgid, timezone, _hash }: Raw): Raw {
  return { itype, sub_type, data, orgid, timezone, _hash };
}

/** The events and sessions that a Raw refers to, and what replaces them for which organisations. */
type Replacement = {
  readonly before: readonly (Event | Session)[];
  /** Hashes of what the Raw refers to and nobody can read. */
  readonly damaged: readonly Hash[];
  readonly parts: readonly FilteredUpload[];
  readonly orgids: ReadonlySet<string>;
};

/** Stores the new events; then, in one step, updates the Raw's references and removes the old events. */
async function replaceEvents(
  { _hash }: Raw,
  replacement: Replacement,
  archive: InstanceStore,
): Promise<void> {
  const { before, damaged, parts } = replacement;
  const instances = parts.flatMap(({ instances }) => instances);
  const made = new Set(instances.map(({ _hash }) => _hash));
  const others = new Set([
    ...refsOfOthers(replacement),
    ...damaged.filter((hash) => !made.has(hash)),
  ]);
  await archive.removeAll(damaged.filter((hash) => made.has(hash)));
  await archive.put(instances);
  await archive.atomically(async (store) => {
    const [raw] = await store.get([_hash]) as Raw[];
    if (raw === undefined) return;
    await store.replace(_hash, updateRaw(raw, replacement, others));
    const kept = new Set([...others, ...parts.flatMap(({ filtered }) => filtered!.refs)]);
    for (const old of before.filter((one) => !kept.has(one._hash))) {
      await removeUnlessReferred(store, old);
    }
  });
}

/** The Raw's references for organisations whose events are not ours to make. */
function refsOfOthers({ before, orgids }: Replacement): ReadonlySet<Hash> {
  const events = before.filter(isEvent).filter(({ orgid }) => !orgids.has(orgid));
  const hashes = new Set(events.map(({ _hash }) => _hash));
  const sessions = before.filter((one) =>
    one.itype === "session" && one._ref.some((hash) => hashes.has(hash))
  );
  return new Set([
    ...events.flatMap(({ _ref }) => _ref),
    ...[...events, ...sessions].map(({ _hash }) => _hash),
  ]);
}

/** The Raw with references and sources of the new parts, and those of other organisations. */
function updateRaw(raw: Raw, { parts, orgids }: Replacement, others: ReadonlySet<Hash>): Raw {
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

/** Removes an event or a session from the store, unless another Raw refers to it. */
async function removeUnlessReferred(store: InstanceStore, old: Event | Session): Promise<void> {
  const referrers = (await store.referrers(old._hash)).map(checkedInstance);
  if (referrers.some(({ itype }) => itype !== "session")) return;
  for (const session of old.itype === "event" ? referrers as Session[] : []) {
    await store.replace(session._hash, removeEvents(session, [old as Event]));
  }
  await deleteInstance(store, old._hash);
}

function isEventOrSession(instance: Instance): instance is Event | Session {
  return instance.itype === "event" || instance.itype === "session";
}

function isEvent(instance: Event | Session): instance is Event {
  return instance.itype === "event";
}

function byHash<T extends Instance>(instance: T): [Hash, T] {
  return [instance._hash, instance];
}
