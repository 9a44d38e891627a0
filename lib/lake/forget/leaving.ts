import type { Event, Hash, Raw, Session, Source } from "../../tahoe/instance.ts";
import { type Filters, filterUpload } from "../filter_uploads.ts";
import type { AnySource, SplitSources } from "./selection.ts";

/** An event or session: what a Raw refers to for its own sake. */
export type Top = Event | Session;

/** Events and sessions of a Raw that go with its gone sources, and those that stay. */
export type SplitTops = { readonly leaving: readonly Top[]; readonly staying: readonly Top[] };

/**
 * Splits the events and sessions of a Raw. An event leaves if no source that is kept made it; where
 * an organisation sent the data several times, the filter says which events each time made.
 * Sessions hold nothing of an organisation's own: they stay while a source is kept that made any.
 */
export function splitTops(
  raw: Raw,
  tops: readonly Top[],
  { gone, makers, filters }: {
    readonly gone: readonly AnySource[];
    readonly makers: readonly AnySource[];
    readonly filters: Filters;
  },
): SplitTops {
  const leaves = new Map<string, (event: Event) => boolean>();
  const leaving = tops.filter((top) => {
    if (top.itype === "session") return makers.length === 0;
    const { orgid } = top;
    const rule = leaves.get(orgid) ?? leavesOf(raw, { orgid, gone, makers, filters });
    leaves.set(orgid, rule);
    return rule(top);
  });
  const left = new Set(leaving);
  return { leaving, staying: tops.filter((top) => !left.has(top)) };
}

/**
 * The kept sources that events of a Raw may come from: our filter or another program made them.
 * Where the existing system did, the source does not say so.
 */
export function makersOf(
  { gone, kept }: SplitSources,
  tops: readonly Top[],
): readonly AnySource[] {
  const byUs = new Set([...gone, ...kept].filter(isMade).map(({ orgid }) => orgid));
  const withEvents = new Set(
    tops.flatMap((top) => top.itype === "event" ? [top.orgid] : []),
  );
  return kept.filter(({ orgid, events }) =>
    events === undefined ? withEvents.has(orgid) && !byUs.has(orgid) : events !== "rejected"
  );
}

type Question = {
  readonly orgid: string;
  readonly gone: readonly AnySource[];
  /** Kept sources that made events. */
  readonly makers: readonly AnySource[];
  readonly filters: Filters;
};

/** Says of an organisation's events which leave. */
function leavesOf(raw: Raw, { orgid, gone, makers, filters }: Question): (event: Event) => boolean {
  const mine = (sources: readonly AnySource[]) =>
    sources.filter((source) => source.orgid === orgid);
  const [myGone, myMakers] = [mine(gone), mine(makers)];
  if (myGone.length === 0) return () => false;
  if (myMakers.length === 0) return () => true;
  const keptTimes = timesOf(myMakers);
  const lost = myGone.filter(({ timestamp }) => !keptTimes.has(timestamp));
  if (lost.length === 0) return () => false;
  const kept = madeBy(raw, myMakers, filters);
  const made = madeBy(raw, lost, filters);
  const lostTimes = timesOf(lost);
  return ({ _hash, timestamp }) =>
    !kept.has(_hash) && (made.has(_hash) || lostTimes.has(timestamp));
}

function timesOf(sources: readonly AnySource[]): ReadonlySet<number | undefined> {
  return new Set(sources.map(({ timestamp }) => timestamp));
}

/** Events and sessions that the filter makes for sources for which it made any before, by hash. */
export function madeBy(
  { itype, sub_type, data, orgid, timezone, _hash }: Raw,
  sources: readonly AnySource[],
  filters: Filters,
): ReadonlyMap<Hash, readonly Made[]> {
  const made = new Map<Hash, Made[]>();
  const filter = filters.get(sub_type);
  if (filter === undefined) return made;
  const bare = { itype, sub_type, data, orgid, timezone, _hash };
  for (const source of sources.filter(isMade)) {
    for (const instance of filterUpload({ raw: bare, source }, filter).instances) {
      if (instance.itype !== "event" && instance.itype !== "session") continue;
      const { timestamp } = source;
      made.set(instance._hash, [...made.get(instance._hash) ?? [], { instance, timestamp }]);
    }
  }
  return made;
}

/** An instance as a source makes it, and when that was sent: seconds since 1970. */
export type Made = { readonly instance: Top; readonly timestamp: number };

function isMade(source: AnySource): source is Source {
  return source.events === "made" && source.timestamp !== undefined;
}
