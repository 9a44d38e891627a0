import { StillReferred } from "../errors.ts";
import { type Child, distinctChildren, groupChildren } from "./children.ts";
import { computeHash } from "./hash.ts";
import type { Event, Hash, Instance, Raw, Session, TahoeObject } from "./instance.ts";
import { checkedInstance } from "./instance_fault.ts";
import type { InstanceStore } from "./instances.ts";

/** Children to add and to remove. */
export type Edit = {
  readonly add?: Child | readonly Child[];
  readonly remove?: Child | readonly Child[];
};

type Parent = TahoeObject | Event | Session;

/**
 * Changes the children of an object, event or session, in one transaction. The new version replaces
 * the old one in the store, and so on through every parent; whatever nothing refers to any longer is
 * removed. Users, organisations and queries keep their hash: only the document itself changes.
 *
 * Returns the new version.
 *
 * @throws {RangeError} when the instance or one of its children is missing, a child to add is
 * already a child, a child to remove is not one, or no child would be left.
 * @throws {TypeError} when the instance cannot have children, or a child is neither an attribute nor
 * an object.
 * @throws {DamagedInstance} INSTANCE_DAMAGED when a child or referrer cannot be read.
 */
export async function edit(
  store: InstanceStore,
  hash: Hash,
  { add = [], remove = [] }: Edit,
): Promise<Instance> {
  const added = distinctChildren(add);
  const removed = new Set(distinctChildren(remove).map((child) => child._hash));
  return await store.atomically(async (store) => {
    const old = await findParent(store, hash);
    checkEdit(old, added, removed);
    const kept = await findChildren(store, old._cref.filter((child) => !removed.has(child)));
    const replacement = new Replacement(store);
    const next = await replacement.rebuild(old, [...kept, ...added]);
    await store.put(added);
    await replacement.replace(old, next);
    return next;
  });
}

/**
 * Deletes an instance, and those of its descendants that nothing else refers to. Does nothing if the
 * instance is not stored.
 *
 * @throws {StillReferred} when another instance refers to it.
 */
export function deleteInstance(store: InstanceStore, hash: Hash): Promise<void> {
  return store.atomically(async (store) => {
    const [referrer] = await store.referrers(hash);
    if (referrer !== undefined) {
      throw new StillReferred(`Cannot delete ${hash}: ${referrer._hash} refers to it`);
    }
    const [instance] = await store.get([hash]);
    if (instance !== undefined) await removeWithOrphans(store, instance);
  });
}

async function findParent(store: InstanceStore, hash: Hash): Promise<Parent> {
  const [found] = await store.get([hash]);
  if (found === undefined) throw new RangeError(`Cannot edit ${hash}: it is not in the store`);
  const instance = checkedInstance(found);
  if (!isParent(instance)) {
    throw new TypeError(`Cannot edit ${hash}: a ${instance.itype} has no children`);
  }
  return instance;
}

// A missing child would silently disappear from the new version.
async function findChildren(store: InstanceStore, hashes: readonly Hash[]): Promise<Child[]> {
  const children = await store.get(hashes);
  if (children.length < hashes.length) {
    const [missing] = await store.missing(hashes);
    throw new RangeError(`Cannot edit: the child ${missing} is not in the store`);
  }
  return children.map(checkedInstance) as Child[];
}

function isParent(instance: Instance): instance is Parent {
  return ["object", "event", "session"].includes(instance.itype);
}

function checkEdit(old: Parent, added: readonly Child[], removed: ReadonlySet<Hash>): void {
  if (added.length + removed.size === 0) {
    throw new RangeError(`Cannot edit ${old._hash}: give children to add or remove`);
  }
  for (const { _hash } of added) {
    if (old._cref.includes(_hash)) {
      throw new RangeError(`Cannot add ${_hash}: it is already a child`);
    }
  }
  for (const hash of removed) {
    if (!old._cref.includes(hash)) throw new RangeError(`Cannot remove ${hash}: it is not a child`);
  }
}

/** The part of an edit that replaces a version, and then every parent of it. */
class Replacement {
  readonly #store: InstanceStore;
  /** Hashes that changed in this edit, each with the one that replaced it. */
  readonly #newHashes = new Map<Hash, Hash>();

  constructor(store: InstanceStore) {
    this.#store = store;
  }

  /** Makes a new version of `old`, with other children. */
  async rebuild(old: Parent, children: readonly Child[]): Promise<Parent> {
    const changed = { ...old, ...groupChildren(children) };
    if (changed.itype === "event") {
      const stillHeld = (refs: readonly Hash[]) =>
        this.#updateHashes(refs).filter((hash) => changed._ref.includes(hash));
      return withHash({
        ...changed,
        _ben_ref: stillHeld(changed._ben_ref),
        _mal_ref: stillHeld(changed._mal_ref),
      });
    }
    if (changed.itype === "session") {
      const events = await findEvents(this.#store, old);
      return withHash({ ...changed, _ref: [...new Set([...changed._ref, ...events])] });
    }
    return withHash(changed);
  }

  /** Replaces `old` with `next` in the store, and updates everything that refers to `old`. */
  async replace(old: Parent, next: Parent): Promise<void> {
    const store = this.#store;
    await store.replace(old._hash, await mergeWithTwin(store, next));
    if (next._hash === old._hash) return;
    this.#newHashes.set(old._hash, next._hash);
    // One at a time: a parent may be part of another parent.
    for (let parents = await findParents(store, old); parents.length > 0;) {
      const parent = parents[0]!;
      const children = await findChildren(store, this.#updateHashes(parent._cref));
      await this.replace(parent, await this.rebuild(parent, children));
      parents = await findParents(store, old);
    }
    for (const referrer of (await store.referrers(old._hash)).map(checkedInstance)) {
      const refs = this.#updateHashes((referrer as Session | Raw)._ref ?? []);
      await store.replace(referrer._hash, { ...referrer, _ref: refs } as Instance);
    }
    await removeOrphans(store, old._cref);
  }

  #updateHashes(refs: readonly Hash[]): Hash[] {
    return [...new Set(refs.map((hash) => this.#newestHash(hash)))];
  }

  /** Follows several replacements: an instance that contains another one twice has one for each. */
  #newestHash(hash: Hash): Hash {
    const next = this.#newHashes.get(hash);
    return next === undefined ? hash : this.#newestHash(next);
  }
}

/** The events of a session: what its `_ref` contains in addition to its descendants. */
async function findEvents(store: InstanceStore, session: Parent): Promise<Hash[]> {
  const descendants = new Set(groupChildren(await findChildren(store, session._cref))._ref);
  return session._ref.filter((hash) => !descendants.has(hash));
}

async function findParents(store: InstanceStore, child: Parent): Promise<Parent[]> {
  return (await store.parents(child._hash)).map(checkedInstance).filter(isParent);
}

function withHash<T extends Parent>(parent: T): T {
  return { ...parent, _hash: computeHash(parent) };
}

/** Gives a session that becomes equal to a stored one the events of both. */
async function mergeWithTwin(store: InstanceStore, next: Parent): Promise<Parent> {
  if (next.itype !== "session") return next;
  const [twin] = await store.get([next._hash]);
  return twin?.itype === "session"
    ? { ...next, _ref: [...new Set([...next._ref, ...twin._ref])] }
    : next;
}

async function removeWithOrphans(store: InstanceStore, instance: Instance): Promise<void> {
  await store.remove(instance._hash);
  if (isParent(instance)) await removeOrphans(store, instance._cref);
}

async function removeOrphans(store: InstanceStore, hashes: readonly Hash[]): Promise<void> {
  for (const instance of await store.get(hashes)) {
    const [referrer] = await store.referrers(instance._hash);
    if (referrer === undefined) await removeWithOrphans(store, instance);
  }
}
