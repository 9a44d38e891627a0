import type { Child } from "../tahoe/children.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { removeAdmins, removeUsers } from "./membership.ts";
import { type Org, orgsOf } from "./org.ts";
import { isUser } from "./user.ts";

/** An organisation that a user cannot leave, and why: nobody else is a user, or an admin, of it. */
export type Obstacle = { readonly org: Org; readonly reason: "only user" | "only admin" };

/** A user cannot leave organisations. */
export class StillNeeded extends Error {
  override name = "StillNeeded";
  readonly obstacles: readonly Obstacle[];

  constructor(user: TahoeObject, obstacles: readonly Obstacle[]) {
    const list = obstacles.map(({ org, reason }) => `${reason} of ${org._hash}`).join(", ");
    super(`Cannot remove user ${user._hash}: ${list}`);
    this.obstacles = obstacles;
  }
}

/**
 * Checks that a user can leave organisations.
 *
 * @throws {StillNeeded} when an organisation would have no user or no admin left.
 */
export function checkLeaving(user: TahoeObject, orgs: readonly Org[]): void {
  const obstacles = orgs.flatMap((org) => obstacleOf(user, org) ?? []);
  if (obstacles.length > 0) throw new StillNeeded(user, obstacles);
}

/**
 * Takes a user out of organisations, also as their admin. The user stays, even if no organisation is
 * left.
 *
 * @throws {StillNeeded} when an organisation would have no user or no admin left: nothing changes.
 */
export function leaveOrgs(
  store: InstanceStore,
  user: TahoeObject,
  orgs: readonly Org[],
): Promise<void> {
  return store.atomically(async (store) => {
    checkLeaving(user, orgs);
    for (const org of orgs) {
      if (org._adm_ref.includes(user._hash)) await removeAdmins(store, org._hash, [user]);
      await removeUsers(store, org._hash, [user]);
    }
    await removeFormerAdminLists(store, user);
  });
}

/**
 * Removes a user from all organisations and from the store.
 *
 * @throws {StillNeeded} when an organisation would have no user or no admin left: nothing changes.
 */
export function removeUser(store: InstanceStore, user: TahoeObject): Promise<void> {
  return store.atomically(async (store) => {
    await leaveOrgs(store, user, await orgsOf(store, user._hash));
    await removeWithParts(store, user);
  });
}

/** Removes an organisation from the store. Its users stay; nobody sees its events any more. */
export function removeOrg(store: InstanceStore, org: Org): Promise<void> {
  return store.atomically((store) => removeWithParts(store, org));
}

function obstacleOf({ _hash }: TahoeObject, org: Org): Obstacle | undefined {
  const isOnly = (hashes: readonly Hash[]) => hashes.every((hash) => hash === _hash);
  if (isOnly(org._usr_ref)) return { org, reason: "only user" };
  return isOnly(org._adm_ref) ? { org, reason: "only admin" } : undefined;
}

/** Removes lists of admins that no organisation holds any more: changed ones are left behind. */
async function removeFormerAdminLists(store: InstanceStore, user: TahoeObject): Promise<void> {
  for (const list of (await store.parents(user._hash)).filter(isAdminList)) {
    if (!await isReferred(store, list._hash)) await store.remove(list._hash);
  }
}

/** Removes a user or an organisation, and what it is made of unless others are, too. */
async function removeWithParts(store: InstanceStore, whole: TahoeObject): Promise<void> {
  await store.remove(whole._hash);
  for (const part of await store.get(whole._cref) as Child[]) {
    if (!isUser(part) && !await isReferred(store, part._hash)) await store.remove(part._hash);
  }
}

async function isReferred(store: InstanceStore, hash: Hash): Promise<boolean> {
  return (await store.referredBeyond(new Map([[hash, 0]]))).has(hash);
}

function isAdminList(instance: Instance): boolean {
  return instance.itype === "object" && instance.sub_type === "admin";
}
