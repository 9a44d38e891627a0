import { attribute } from "../tahoe/attribute.ts";
import { stripPython } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { identityHash } from "../tahoe/hash.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";
import { isUser } from "./user.ts";

/** An organisation's document: an object with its members' hashes beside it. */
export type Org = TahoeObject & {
  /** Users: they see the organisation's events. */
  readonly _usr_ref: readonly Hash[];
  /** Admins, a subset of the users. */
  readonly _adm_ref: readonly Hash[];
  /** Kept for the existing system; without effect. */
  readonly _acl: readonly Hash[];
};

export type OrgOptions = {
  readonly orgname: string;
  readonly users: readonly TahoeObject[];
  readonly admins: readonly TahoeObject[];
  readonly name?: string;
};

/**
 * An organisation, known by its orgname alone; and its parts, to be stored with it.
 * Throws TypeError if a member is no user, RangeError if there is no user or no admin, or an admin
 * is no user of it.
 */
export function org(
  { orgname, users, admins, name = "" }: OrgOptions,
): { readonly org: Org; readonly parts: readonly Child[] } {
  if (typeof orgname !== "string") throw new TypeError("An orgname must be a text");
  checkUsers([...users, ...admins]);
  if (users.length === 0 || admins.length === 0) {
    throw new RangeError("An organisation needs at least one user and one admin");
  }
  const _usr_ref = hashesOf(users);
  const _adm_ref = hashesOf(admins);
  const stranger = _adm_ref.find((hash) => !_usr_ref.includes(hash));
  if (stranger !== undefined) throw new RangeError(`An admin must be a user: ${stranger}`);
  const parts = [
    attribute("orgname", orgname),
    attribute("name", name),
    object("admin", admins),
  ];
  const whole = object("cybexp_org", [...parts, ...users]);
  const _hash = identityHash("cybexp_org", orgname);
  return { org: { _usr_ref, _adm_ref, _acl: _usr_ref, ...whole, _hash }, parts };
}

function hashesOf(users: readonly TahoeObject[]): Hash[] {
  return [...new Set(users.map((user) => user._hash))];
}

export function checkUsers(users: readonly TahoeObject[]): void {
  if (!users.every((user) => typeof user === "object" && isUser(user))) {
    throw new TypeError("Members of an organisation must be users");
  }
}

export function isOrg(instance: Instance | undefined): instance is Org {
  return instance?.itype === "object" && instance.sub_type === "cybexp_org";
}

/** The organisation with this orgname, white space around it aside. */
export async function findOrg(store: InstanceStore, orgname: string): Promise<Org | undefined> {
  const spellings = new Set([orgname, stripPython(orgname)]);
  const hashes = [...spellings].map((orgname) => identityHash("cybexp_org", orgname));
  return (await store.get(hashes)).find(isOrg);
}

/** The organisations a user is a user of, and so may see the events of. */
export async function orgsOf(store: InstanceStore, userid: Hash): Promise<Org[]> {
  return (await store.parents(userid)).filter(isOrg).filter((org) => org._usr_ref.includes(userid));
}
