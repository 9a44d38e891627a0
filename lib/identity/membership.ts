import { edit } from "../tahoe/edit.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import { checkedInstance } from "../tahoe/instance_fault.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";
import { checkUsers, isOrg, type Org } from "./org.ts";

/**
 * Adds stored users to an organisation.
 *
 * @throws {RangeError} when one of them already is a user of it, or there is no such organisation.
 */
export function addUsers(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (org._usr_ref.includes(_hash)) {
        throw new RangeError(`Cannot add user ${_hash}: already a user of the organisation`);
      }
    }
    const edited = await edit(store, orgid, { add: users }) as Org;
    const hashes = users.map((user) => user._hash);
    return { ...edited, _usr_ref: union(org._usr_ref, hashes), _acl: union(org._acl, hashes) };
  });
}

/**
 * Removes users from an organisation.
 *
 * @throws {RangeError} when one of them is not a user of it or is an admin, or there is no such
 * organisation.
 */
export function removeUsers(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (!org._usr_ref.includes(_hash)) {
        throw new RangeError(`Cannot remove user ${_hash}: not a user of the organisation`);
      }
      if (org._adm_ref.includes(_hash)) {
        throw new RangeError(`Cannot remove user ${_hash}: it is an admin`);
      }
    }
    const edited = await edit(store, orgid, { remove: users }) as Org;
    return { ...edited, _usr_ref: exclude(org._usr_ref, users), _acl: exclude(org._acl, users) };
  });
}

/**
 * Makes stored users admins of an organisation, and adds those that are not yet users of it.
 *
 * @throws {RangeError} when one of them already is an admin, or there is no such organisation.
 */
export function addAdmins(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, async (store, org) => {
    for (const { _hash } of users) {
      if (org._adm_ref.includes(_hash)) {
        throw new RangeError(`Cannot add admin ${_hash}: already an admin`);
      }
    }
    const newUsers = users.filter((user) => !org._usr_ref.includes(user._hash));
    if (newUsers.length > 0) await addUsers(store, orgid, newUsers);
    return replaceAdmins(store, orgid, union(org._adm_ref, users.map((user) => user._hash)));
  });
}

/**
 * Makes admins ordinary users.
 *
 * @throws {RangeError} when one of them is not an admin, no admin would be left, or there is no such
 * organisation.
 */
export function removeAdmins(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, (store, org) => {
    for (const { _hash } of users) {
      if (!org._adm_ref.includes(_hash)) {
        throw new RangeError(`Cannot remove admin ${_hash}: not an admin`);
      }
    }
    const admins = exclude(org._adm_ref, users);
    if (admins.length === 0) {
      throw new RangeError(`Cannot remove admin ${users[0]?._hash}: add another admin first`);
    }
    return replaceAdmins(store, orgid, admins);
  });
}

/**
 * Adds users to `_acl`, a list that only the existing system uses.
 *
 * @throws {RangeError} when one of them is already in the list, or there is no such organisation.
 */
export function addToAcl(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, (_store, org) => {
    for (const { _hash } of users) {
      if (org._acl.includes(_hash)) {
        throw new RangeError(`Cannot add user ${_hash} to _acl: already in the list`);
      }
    }
    return { ...org, _acl: union(org._acl, users.map((user) => user._hash)) };
  });
}

/**
 * Removes users from `_acl`, a list that only the existing system uses.
 *
 * @throws {RangeError} when one of them is not in the list or is an admin, or there is no such
 * organisation.
 */
export function removeFromAcl(store: InstanceStore, orgid: Hash, users: readonly TahoeObject[]) {
  checkUsers(users);
  return updateOrg(store, orgid, (_store, org) => {
    for (const { _hash } of users) {
      if (org._adm_ref.includes(_hash)) {
        throw new RangeError(`Cannot remove user ${_hash} from _acl: it is an admin`);
      }
      if (!org._acl.includes(_hash)) {
        throw new RangeError(`Cannot remove user ${_hash} from _acl: not in the list`);
      }
    }
    return { ...org, _acl: exclude(org._acl, users) };
  });
}

/** Replaces an organisation's document by what `update` returns, all in one transaction. */
function updateOrg(
  store: InstanceStore,
  orgid: Hash,
  update: (store: InstanceStore, org: Org) => Promise<Org> | Org,
): Promise<Org> {
  return store.atomically(async (store) => {
    const [org] = await store.get([orgid]);
    if (!isOrg(org)) throw new RangeError(`Cannot change organisation ${orgid}: it is not stored`);
    const updated = await update(store, org);
    await store.replace(orgid, updated);
    return updated;
  });
}

async function replaceAdmins(
  store: InstanceStore,
  orgid: Hash,
  admins: readonly Hash[],
): Promise<Org> {
  const [org] = await store.get([orgid]) as [Org];
  const old = (await store.get(org._cref)).map(checkedInstance).find(isAdminObject);
  const members = (await store.get(admins)).map(checkedInstance) as TahoeObject[];
  const next = object("admin", members);
  const edited = await edit(store, orgid, {
    add: next,
    ...(old !== undefined && { remove: old }),
  });
  return { ...edited as Org, _adm_ref: admins };
}

function isAdminObject(instance: Instance): instance is TahoeObject {
  return instance.itype === "object" && instance.sub_type === "admin";
}

function union(hashes: readonly Hash[], more: readonly Hash[]): Hash[] {
  return [...new Set([...hashes, ...more])];
}

function exclude(hashes: readonly Hash[], users: readonly TahoeObject[]): Hash[] {
  const excluded = new Set(users.map((user) => user._hash));
  return hashes.filter((hash) => !excluded.has(hash));
}
