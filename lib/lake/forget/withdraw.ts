import type { Event, Hash, Raw, Session } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import { writeJson } from "../../tahoe/json.ts";
import type { Value } from "../../tahoe/value.ts";
import type { Filters } from "../filter_uploads.ts";
import { type Made, madeBy, type Top } from "./leaving.ts";
import type { Part } from "./part.ts";
import { sourcesOf } from "./selection.ts";

/** An event or session that loses a source and stays, because of the Raws that refer to it. */
export type Shared = { readonly top: Top; readonly raws: readonly Hash[] };

/** What a session holds beside its content: the source that was stored last says what it is. */
const SESSION_FIELDS = ["start_time", "end_time", "duration"] as const;

type Versions = ReadonlyMap<Hash, readonly Made[]>;

/**
 * Shared events and sessions without the contexts, categories, events and times that only gone
 * sources gave them, as their filters say; and the sessions given, which changed already. What nobody's filter
 * accounts for stays, for somebody may have set it by hand.
 */
export async function withdraw(
  store: Pick<InstanceStore, "get">,
  { shared, parts, filters, sessions }: {
    readonly shared: readonly Shared[];
    readonly parts: readonly Part[];
    readonly filters: Filters;
    readonly sessions: readonly Session[];
  },
): Promise<readonly Top[]> {
  const changed = new Map<Hash, Top>(sessions.map((session) => [session._hash, session]));
  if (shared.length === 0) return [...changed.values()];
  const gone = versionsOf(parts.map(({ raw, gone }) => madeBy(raw, gone, filters)));
  const open = new Map(
    shared.filter(({ top }) => given(top, gone.get(top._hash) ?? []).length > 0)
      .map((one) => [one.top._hash, one]),
  );
  const kept = await coverings(store, open, { gone, filters, parts });
  for (const { top } of open.values()) {
    const present = changed.get(top._hash) ?? top;
    const versions = { gone: gone.get(top._hash) ?? [], kept: kept.get(top._hash) ?? [] };
    changed.set(
      top._hash,
      present.itype === "event"
        ? withdrawFromEvent(present, versions)
        : withdrawFromSession(present, versions),
    );
  }
  return [...changed.values()];
}

/**
 * Versions that other Raws make of the instances. One whose Raws account for all that it got from
 * gone sources, or have no filter that could say, is taken out of `open`.
 */
async function coverings(
  store: Pick<InstanceStore, "get">,
  open: Map<Hash, Shared>,
  { gone, filters, parts }: {
    readonly gone: Versions;
    readonly filters: Filters;
    readonly parts: readonly Part[];
  },
): Promise<Versions> {
  const makersOf = new Map(parts.map(({ raw, makers }) => [raw._hash, makers]));
  const found = new Map<Hash, Made[]>();
  for (const hash of new Set([...open.values()].flatMap(({ raws }) => raws))) {
    const mine = [...open.values()].filter(({ raws }) => raws.includes(hash));
    // Without makers it refers to them for one more step only.
    if (mine.length === 0 || makersOf.get(hash)?.length === 0) continue;
    const [raw] = await store.get([hash], leaveOut) as Raw[];
    if (raw === undefined) continue;
    const made = madeBy(raw, makersOf.get(hash) ?? sourcesOf(raw), filters);
    for (const { top } of mine) {
      const kept = [...found.get(top._hash) ?? [], ...made.get(top._hash) ?? []];
      found.set(top._hash, kept);
      const isKnown = made.has(top._hash);
      const covered = new Set(given(top, kept));
      const isCovered = given(top, gone.get(top._hash)!).every((one) => covered.has(one));
      if (!isKnown || isCovered) open.delete(top._hash);
    }
  }
  return found;
}

function versionsOf(maps: readonly Versions[]): Versions {
  const all = new Map<Hash, Made[]>();
  for (const map of maps) {
    for (const [hash, made] of map) all.set(hash, [...all.get(hash) ?? [], ...made]);
  }
  return all;
}

/** What versions account for in a stored instance, as texts to compare. */
function given(top: Top, versions: readonly Made[]): string[] {
  return versions.flatMap(({ instance }) =>
    top.itype === "event"
      ? givenToEvent(top, instance as Event)
      : givenToSession(top, instance as Session)
  );
}

function givenToEvent(stored: Event, { category, _ben_ref, _mal_ref }: Event): string[] {
  return [
    ..._ben_ref.filter((hash) => stored._ben_ref.includes(hash)).map((hash) => `benign ${hash}`),
    ..._mal_ref.filter((hash) => stored._mal_ref.includes(hash)).map((hash) => `malicious ${hash}`),
    ...(category !== "unknown" && category === stored.category ? [category] : []),
  ];
}

function givenToSession(stored: Session, version: Session): string[] {
  const held = new Set(stored._ref);
  return [
    ...version._ref.filter((hash) => held.has(hash)),
    ...SESSION_FIELDS.filter((name) => {
      const value = version[name];
      return value !== undefined && isEqual(value, stored[name]);
    }),
  ];
}

function isEqual(one: Value, other: Value | undefined): boolean {
  return other !== undefined && writeJson(one) === writeJson(other);
}

type BothVersions = { readonly gone: readonly Made[]; readonly kept: readonly Made[] };

function withdrawFromEvent(event: Event, { gone, kept }: BothVersions): Event {
  const lost = new Set(given(event, gone));
  for (const one of given(event, kept)) lost.delete(one);
  const known = byTime(kept).map(({ instance }) => (instance as Event).category)
    .find((category) => category !== "unknown");
  return {
    ...event,
    category: lost.has(event.category) ? known ?? "unknown" : event.category,
    _ben_ref: event._ben_ref.filter((hash) => !lost.has(`benign ${hash}`)),
    _mal_ref: event._mal_ref.filter((hash) => !lost.has(`malicious ${hash}`)),
  };
}

function withdrawFromSession(session: Session, { gone, kept }: BothVersions): Session {
  const lost = new Set(given(session, gone));
  for (const one of given(session, kept)) lost.delete(one);
  const fields = SESSION_FIELDS.filter((name) => lost.has(name)).map((name) => {
    const values = byTime(kept).map(({ instance }) => (instance as Session)[name]);
    return [name, values.findLast((value) => value !== undefined)] as const;
  });
  const rest = Object.entries({
    ...session,
    _ref: session._ref.filter((hash) => !lost.has(hash)),
  }).filter(([name]) => !lost.has(name));
  const put = fields.filter(([, value]) => value !== undefined);
  return Object.fromEntries([...rest, ...put]) as Session;
}

function byTime(versions: readonly Made[]): readonly Made[] {
  return versions.toSorted((a, b) => a.timestamp - b.timestamp);
}
