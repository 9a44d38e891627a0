import { StillReferred } from "../errors.ts";
import { type Child, distinctChildren, groupChildren } from "./children.ts";
import { hashOf } from "./hash.ts";
import type { Event, Hash, Instance, Raw, Session, TahoeObject } from "./instance.ts";
import type { InstanceStore } from "./instances.ts";

/** Children to take in and to take out. */
export type Edit = {
  readonly add?: Child | readonly Child[];
  readonly remove?: Child | readonly Child[];
};

type Parent = TahoeObject | Event | Session;

/**
 * Changes the children of an object, event or session. The new version takes the place of the old
 * one in the store, and so on through every parent; what nothing refers to any more goes. Users,
 * organisations and queries keep their hash: there only the document itself changes.
 *
 * Returns the new version. All of it happens, or nothing. Throws RangeError if the instance is not
 * there, a child to add is a child already, one to remove is none, or none would be left; TypeError
 * if the instance cannot have children or a child is neither attribute nor object.
 */
export async function edit(
  store: InstanceStore,
  hash: Hash,
  { add = [], remove = [] }: Edit,
): Promise<Instance> {
  const added = distinctChildren(add);
  const removed = new Set(distinctChildren(remove).map((child) => child._hash));
  return await store.atomically(async (store) => {
    const old = await parentOf(store, hash);
    checkEdit(old, added, removed);
    const kept = await childrenOf(store, old._cref.filter((child) => !removed.has(child)));
    const renamed = new Map<Hash, Hash>();
    const next = await rebuilt(store, old, [...kept, ...added], renamed);
    await store.put(added);
    await supersede(store, old, next, renamed);
    return next;
  });
}

/**
 * Deletes an instance, and of its descendants what nothing else refers to. What is not there stays
 * away. Throws StillReferred if anything refers to it.
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

async function parentOf(store: InstanceStore, hash: Hash): Promise<Parent> {
  const [instance] = await store.get([hash]);
  if (instance === undefined) throw new RangeError(`No such instance: ${hash}`);
  if (!isParent(instance)) throw new TypeError(`A ${instance.itype} has no children`);
  return instance;
}

// A child that is missing would silently drop out of the new version.
async function childrenOf(store: InstanceStore, hashes: readonly Hash[]): Promise<Child[]> {
  const children = await store.get(hashes);
  if (children.length < hashes.length) {
    const [missing] = await store.missing(hashes);
    throw new RangeError(`Cannot edit: the child ${missing} is not in the store`);
  }
  return children as Child[];
}

function isParent(instance: Instance): instance is Parent {
  return ["object", "event", "session"].includes(instance.itype);
}

function checkEdit(old: Parent, added: readonly Child[], removed: ReadonlySet<Hash>): void {
  if (added.length + removed.size === 0) throw new RangeError("Nothing to add or remove");
  for (const { _hash } of added) {
    if (old._cref.includes(_hash)) throw new RangeError(`Is a child already: ${_hash}`);
  }
  for (const hash of removed) {
    if (!old._cref.includes(hash)) throw new RangeError(`Is no child: ${hash}`);
  }
}

/** `old` with other children; `renamed` says which descendants have new hashes. */
async function rebuilt(
  store: InstanceStore,
  old: Parent,
  children: readonly Child[],
  renamed: ReadonlyMap<Hash, Hash>,
): Promise<Parent> {
  const changed = { ...old, ...groupChildren(children) };
  if (changed.itype === "event") {
    const inContext = (refs: readonly Hash[]) =>
      rename(refs, renamed).filter((hash) => changed._ref.includes(hash));
    return withHash({
      ...changed,
      _ben_ref: inContext(changed._ben_ref),
      _mal_ref: inContext(changed._mal_ref),
    });
  }
  if (changed.itype === "session") {
    const events = await eventsOf(store, old);
    return withHash({ ...changed, _ref: [...new Set([...changed._ref, ...events])] });
  }
  return withHash(changed);
}

/** A session's `_ref` holds its events beside its children's references. */
async function eventsOf(store: InstanceStore, session: Parent): Promise<Hash[]> {
  const own = new Set(groupChildren(await childrenOf(store, session._cref))._ref);
  return session._ref.filter((hash) => !own.has(hash));
}

function withHash<T extends Parent>(parent: T): T {
  return { ...parent, _hash: hashOf(parent) };
}

function rename(refs: readonly Hash[], renamed: ReadonlyMap<Hash, Hash>): Hash[] {
  return [...new Set(refs.map((hash) => newestOf(hash, renamed)))];
}

/** An instance that holds another one in two ways gets a new version for each. */
function newestOf(hash: Hash, renamed: ReadonlyMap<Hash, Hash>): Hash {
  const next = renamed.get(hash);
  return next === undefined ? hash : newestOf(next, renamed);
}

/**
 * Puts `next` in the place of `old`, and carries a new hash to all that refer to the old one;
 * `renamed` holds all that got new ones in this edit.
 */
async function supersede(
  store: InstanceStore,
  old: Parent,
  next: Parent,
  renamed: Map<Hash, Hash>,
): Promise<void> {
  await store.replace(old._hash, await united(store, next));
  if (next._hash === old._hash) return;
  renamed.set(old._hash, next._hash);
  // One at a time: a parent may be part of another parent.
  for (let parents = await versions(store, old); parents.length > 0;) {
    const parent = parents[0]!;
    const children = await childrenOf(store, rename(parent._cref, renamed));
    await supersede(store, parent, await rebuilt(store, parent, children, renamed), renamed);
    parents = await versions(store, old);
  }
  for (const referrer of await store.referrers(old._hash)) {
    const refs = rename((referrer as Session | Raw)._ref ?? [], renamed);
    await store.replace(referrer._hash, { ...referrer, _ref: refs } as Instance);
  }
  await removeOrphans(store, old._cref);
}

async function versions(store: InstanceStore, old: Parent): Promise<Parent[]> {
  return (await store.parents(old._hash)).filter(isParent);
}

/** A session that becomes equal to another one has the events of both. */
async function united(store: InstanceStore, next: Parent): Promise<Parent> {
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
