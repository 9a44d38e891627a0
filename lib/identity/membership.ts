import { edit } from "../tahoe/edit.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";
import { checkUsers, isOrg, type Org } from "./org.ts";

/** Makes stored users users of the organisation. Throws RangeError if one is. */
export function addUsers(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (org._usr_ref.includes(_hash)) throw new RangeError(`Is a user already: ${_hash}`);
    }
    const edited = await edit(store, orgid, { add: users }) as Org;
    const hashes = users.map((user) => user._hash);
    return { ...edited, _usr_ref: joined(org._usr_ref, hashes), _acl: joined(org._acl, hashes) };
  });
}

/** Takes users out. Throws RangeError if one is no user, or is an admin. */
export function removeUsers(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (!org._usr_ref.includes(_hash)) throw new RangeError(`Is no user: ${_hash}`);
      if (org._adm_ref.includes(_hash)) throw new RangeError(`Is an admin: ${_hash}`);
    }
    const edited = await edit(store, orgid, { remove: users }) as Org;
    return { ...edited, _usr_ref: without(org._usr_ref, users), _acl: without(org._acl, users) };
  });
}

/** Makes stored users admins, and first users if they are none. Throws RangeError if one is admin. */
export function addAdmins(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (org._adm_ref.includes(_hash)) throw new RangeError(`Is an admin already: ${_hash}`);
    }
    const strangers = users.filter((user) => !org._usr_ref.includes(user._hash));
    if (strangers.length > 0) await addUsers(store, orgid, strangers);
    return withAdmins(store, orgid, joined(org._adm_ref, users.map((user) => user._hash)));
  });
}

/** Makes admins mere users. Throws RangeError if one is no admin, or none would be left. */
export function removeAdmins(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, (store, org) => {
    for (const { _hash } of users) {
      if (!org._adm_ref.includes(_hash)) throw new RangeError(`Is no admin: ${_hash}`);
    }
    const left = without(org._adm_ref, users);
    if (left.length === 0) throw new RangeError(`Is the only admin: ${users[0]?._hash}`);
    return withAdmins(store, orgid, left);
  });
}

/** Adds to the list that the existing system keeps. Throws RangeError if one is in it. */
export function addToAcl(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, (_store, org) => {
    for (const { _hash } of users) {
      if (org._acl.includes(_hash)) throw new RangeError(`Is in the list already: ${_hash}`);
    }
    return { ...org, _acl: joined(org._acl, users.map((user) => user._hash)) };
  });
}

/** Takes out of that list. Throws RangeError if one is not in it, or is an admin. */
export function removeFromAcl(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return change(store, orgid, (_store, org) => {
    for (const { _hash } of users) {
      if (org._adm_ref.includes(_hash)) throw new RangeError(`Is an admin: ${_hash}`);
      if (!org._acl.includes(_hash)) throw new RangeError(`Is not in the list: ${_hash}`);
    }
    return { ...org, _acl: without(org._acl, users) };
  });
}

/** All of one change happens, or nothing. Throws RangeError if there is no such organisation. */
function change(
  store: InstanceStore,
  orgid: Hash,
  work: (store: InstanceStore, org: Org) => Promise<Org> | Org,
): Promise<Org> {
  return store.atomically(async (store) => {
    const [org] = await store.get([orgid]);
    if (!isOrg(org)) throw new RangeError(`No such organisation: ${orgid}`);
    const changed = await work(store, org);
    await store.replace(orgid, changed);
    return changed;
  });
}

async function withAdmins(store: InstanceStore, orgid: Hash, admins: readonly Hash[]) {
  const [org] = await store.get([orgid]) as [Org];
  const old = (await store.get(org._cref)).find(isAdminObject);
  const next = object("admin", await store.get(admins) as TahoeObject[]);
  const edited = await edit(store, orgid, { add: next, ...(old && { remove: old }) });
  return { ...edited as Org, _adm_ref: admins };
}

function isAdminObject(instance: Instance): instance is TahoeObject {
  return instance.itype === "object" && instance.sub_type === "admin";
}

function joined(hashes: readonly Hash[], more: readonly Hash[]): Hash[] {
  return [...new Set([...hashes, ...more])];
}

function without(hashes: readonly Hash[], users: readonly TahoeObject[]): Hash[] {
  const gone = new Set(users.map((user) => user._hash));
  return hashes.filter((hash) => !gone.has(hash));
}
