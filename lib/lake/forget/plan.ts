import type { Child } from "../../tahoe/children.ts";
import type { Hash, Session } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import type { Filters } from "../filter_uploads.ts";
import type { Top } from "./leaving.ts";
import { findOrphans } from "./orphans.ts";
import type { Part } from "./part.ts";
import { type Shared, withdraw } from "./withdraw.ts";

/** What becomes of the archive when parts leave their Raws. */
export type Plan = {
  readonly parts: readonly Part[];
  /** Events and sessions that go. */
  readonly tops: readonly Top[];
  /** Attributes and objects that go, what an object holds before it. */
  readonly orphans: readonly Child[];
  /** Events and sessions that another Raw refers to as well. */
  readonly shared: readonly Shared[];
  /** Events and sessions that stay, without what only gone sources gave them. */
  readonly changed: readonly Top[];
};

/** Plans what goes and what changes; reads the store only. */
export async function makePlan(
  store: InstanceStore,
  parts: readonly Part[],
  filters: Filters,
): Promise<Plan> {
  const leaving = new Map(parts.flatMap((part) => part.leaving).map((top) => [top._hash, top]));
  const others = await otherRaws(store, parts, [...leaving.keys()]);
  const shared: Shared[] = [];
  const tops: Top[] = [];
  for (const [hash, top] of leaving) {
    const raws = others.get(hash) ?? [];
    if (raws.length > 0) shared.push({ top, raws });
    else tops.push(top);
  }
  const orphans = await findOrphans(store, tops, parts.map(droppedRefs));
  const sessions = await withoutEvents(store, tops);
  const affected = [...shared, ...await sessionsLeft(store, { parts, shared })];
  const changed = await withdraw(store, { shared: affected, parts, filters, sessions });
  return { parts, tops, orphans, shared, changed };
}

/** Carries a plan out. What is held goes before its holders: broken off, it can be made anew. */
export async function carryOut(
  store: InstanceStore,
  { parts, tops, orphans, changed }: Plan,
): Promise<void> {
  await store.removeAll(orphans.map(({ _hash }) => _hash));
  for (const top of changed) await store.replace(top._hash, top);
  await store.removeAll(tops.map(({ _hash }) => _hash));
  for (const { raw, after } of parts) {
    if (after === undefined) await store.remove(raw._hash);
    else await store.replace(raw._hash, after);
  }
}

/** Raws that go on referring to the hashes. */
async function otherRaws(
  store: Pick<InstanceStore, "holders">,
  parts: readonly Part[],
  hashes: readonly Hash[],
): Promise<ReadonlyMap<Hash, readonly Hash[]>> {
  const left = new Map<Hash, Set<Hash>>();
  for (const { raw, leaving } of parts) {
    for (const { _hash } of leaving) left.set(_hash, (left.get(_hash) ?? new Set()).add(raw._hash));
  }
  const holders = await store.holders(hashes, "raw");
  return new Map(
    [...holders].map(([hash, raws]) => [hash, raws.filter((raw) => !left.get(hash)?.has(raw))]),
  );
}

/** Sessions that stay in a Raw which shared events leave: its gone sources may have joined them. */
async function sessionsLeft(
  store: Pick<InstanceStore, "holders">,
  { parts, shared }: Pick<Plan, "parts" | "shared">,
): Promise<readonly Shared[]> {
  const events = new Set(
    shared.filter(({ top }) => top.itype === "event").map(({ top }) => top._hash),
  );
  const sessions = parts.filter(({ leaving }) => leaving.some(({ _hash }) => events.has(_hash)))
    .flatMap(({ staying }) => staying)
    .filter(({ itype, _ref }) => itype === "session" && _ref.some((hash) => events.has(hash)));
  const byHash = new Map(sessions.map((session) => [session._hash, session]));
  const raws = await otherRaws(store, parts, [...byHash.keys()]);
  return [...byHash].map(([hash, top]) => ({ top, raws: raws.get(hash) ?? [] }));
}

function droppedRefs({ raw, after }: Part): readonly Hash[] {
  const kept = new Set(after?._ref);
  return (raw._ref ?? []).filter((hash) => !kept.has(hash));
}

/** Sessions that stay, without the events that go. */
async function withoutEvents(
  store: InstanceStore,
  tops: readonly Top[],
): Promise<readonly Session[]> {
  const going = new Set(tops.map(({ _hash }) => _hash));
  const holders = await store.holders([...going], "session");
  const hashes = [...new Set([...holders.values()].flat())].filter((hash) => !going.has(hash));
  return (await store.get(hashes, leaveOut) as Session[]).map((session) => ({
    ...session,
    _ref: session._ref.filter((hash) => !going.has(hash)),
  }));
}
