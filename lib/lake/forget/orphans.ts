import type { Child } from "../../tahoe/children.ts";
import type { Hash, Instance, TahoeObject } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import type { Top } from "./leaving.ts";

type Reading = Pick<InstanceStore, "get" | "referredBeyond">;

/**
 * Attributes and objects that nothing refers to once `tops` are gone and Raws lose the references
 * `dropped`; what an object holds comes before it.
 */
export async function findOrphans(
  store: Reading,
  tops: readonly Top[],
  dropped: readonly (readonly Hash[])[],
): Promise<readonly Child[]> {
  const candidates = await descendantsOf(store, tops);
  const going = new GoingReferrers(candidates);
  for (const top of tops) going.add([...top._cref, ...top._ref]);
  for (const refs of dropped) going.add(refs);
  const orphans: Child[] = [];
  const isOrphan = async (children: readonly Child[]) => {
    const referred = await store.referredBeyond(going.countsOf(children));
    const free = children.filter(({ _hash }) => !referred.has(_hash));
    // There may be more than a call takes arguments.
    for (const child of free) orphans.push(child);
    return free;
  };
  // An object is decided on before what it holds.
  for (let objects = [...candidates.values()].filter(isObject); objects.length > 0;) {
    const inner = new Set(objects.flatMap(({ _ref }) => _ref));
    const outer = objects.filter(({ _hash }) => !inner.has(_hash));
    for (const object of await isOrphan(outer)) {
      if (isObject(object)) going.add([...object._cref, ...object._ref]);
    }
    objects = outer.length === 0 ? [] : objects.filter(({ _hash }) => inner.has(_hash));
  }
  await isOrphan([...candidates.values()].filter(({ itype }) => itype === "attribute"));
  return orphans.reverse();
}

/** Attributes and objects that events and sessions hold, by hash. */
async function descendantsOf(
  store: Reading,
  tops: readonly Top[],
): Promise<ReadonlyMap<Hash, Child>> {
  const found = new Map<Hash, Child>();
  // A session's `_ref` names its events as well: only its children lead to what it holds.
  let wanted = new Set(tops.flatMap(({ itype, _cref, _ref }) => itype === "event" ? _ref : _cref));
  while (wanted.size > 0) {
    const children = (await store.get([...wanted], leaveOut)).filter(isChild);
    for (const child of children) found.set(child._hash, child);
    const inner = children.filter(isObject).flatMap(({ _ref }) => _ref);
    wanted = new Set(inner.filter((hash) => !found.has(hash) && !wanted.has(hash)));
  }
  return found;
}

/** Counts, for each candidate, the referrers that go. */
class GoingReferrers {
  readonly #candidates: ReadonlyMap<Hash, Child>;
  readonly #counts = new Map<Hash, number>();

  constructor(candidates: ReadonlyMap<Hash, Child>) {
    this.#candidates = candidates;
  }

  /** Counts one referrer with these references. */
  add(refs: readonly Hash[]): void {
    for (const hash of new Set(refs)) {
      if (this.#candidates.has(hash)) this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
    }
  }

  countsOf(children: readonly Child[]): ReadonlyMap<Hash, number> {
    return new Map(children.map(({ _hash }) => [_hash, this.#counts.get(_hash) ?? 0]));
  }
}

function isChild(instance: Instance): instance is Child {
  return instance.itype === "attribute" || instance.itype === "object";
}

function isObject(instance: Instance): instance is TahoeObject {
  return instance.itype === "object";
}
