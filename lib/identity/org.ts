import { attribute } from "../tahoe/attribute.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { identityHash, isHash } from "../tahoe/hash.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";
import { scalarText } from "../tahoe/value.ts";
import { isUser } from "./user.ts";

/** The document of an organisation: an object with the hashes of its members. */
export type Org = TahoeObject & {
  /** Users: they see the organisation's events. */
  readonly _usr_ref: readonly Hash[];
  /** Admins, a subset of the users. */
  readonly _adm_ref: readonly Hash[];
  /** Kept for the existing system; has no effect here. */
  readonly _acl: readonly Hash[];
};

export type OrgOptions = {
  readonly orgname: string;
  readonly users: readonly TahoeObject[];
  readonly admins: readonly TahoeObject[];
  readonly name?: string;
};

/**
 * Makes an organisation, and the parts to be stored with it. Its hash depends on the orgname alone.
 *
 * @throws {TypeError} when the orgname is not a string or a member is not a user.
 * @throws {RangeError} when there is no user or no admin, or an admin is not among the users.
 */
export function org(
  { orgname, users, admins, name = "" }: OrgOptions,
): { readonly org: Org; readonly parts: readonly Child[] } {
  if (typeof orgname !== "string") throw new TypeError("An orgname must be a string");
  checkUsers([...users, ...admins]);
  if (users.length === 0 || admins.length === 0) {
    throw new RangeError("An organisation needs at least one user and one admin");
  }
  const _usr_ref = distinctHashes(users);
  const _adm_ref = distinctHashes(admins);
  const outsider = _adm_ref.find((hash) => !_usr_ref.includes(hash));
  if (outsider !== undefined) {
    throw new RangeError(`Cannot add admin ${outsider}: not a user of the organisation`);
  }
  const parts = [
    attribute("orgname", orgname),
    attribute("name", name),
    object("admin", admins),
  ];
  const document = object("cybexp_org", [...parts, ...users]);
  const _hash = identityHash("cybexp_org", orgname);
  return { org: { _usr_ref, _adm_ref, _acl: _usr_ref, ...document, _hash }, parts };
}

function distinctHashes(users: readonly TahoeObject[]): Hash[] {
  return [...new Set(users.map((user) => user._hash))];
}

/**
 * Checks that all members of an organisation are users.
 *
 * @throws {TypeError} when one of them is not.
 */
export function checkUsers(members: readonly TahoeObject[]): void {
  if (!members.every((member) => typeof member === "object" && isUser(member))) {
    throw new TypeError("Members of an organisation must be users");
  }
}

/** Whether an instance is an organisation. One whose fields have wrong types is not. */
export function isOrg(instance: Instance | undefined): instance is Org {
  return instance?.itype === "object" && instance.sub_type === "cybexp_org" &&
    instanceFault(instance) === undefined && MEMBERS.every((name) => isHashes(instance, name));
}

/** The lists of members of an organisation. */
const MEMBERS = ["_usr_ref", "_adm_ref", "_acl"] as const;

function isHashes(org: TahoeObject, name: typeof MEMBERS[number]): boolean {
  const hashes: unknown = (org as Partial<Org>)[name];
  return Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string");
}

/** Finds an organisation by its orgname; white space around it does not matter. */
export async function findOrg(store: InstanceStore, orgname: string): Promise<Org | undefined> {
  const spellings = new Set([orgname, stripPythonSpace(orgname)]);
  const hashes = [...spellings].map((orgname) => identityHash("cybexp_org", orgname));
  return (await store.get(hashes, leaveOut)).find(isOrg);
}

/** The organisations among some hashes. */
export async function orgsAmong(store: InstanceStore, hashes: readonly string[]): Promise<Org[]> {
  return (await store.get([...new Set(hashes)].filter(isHash), leaveOut)).filter(isOrg);
}

/** Orgnames of all organisations. */
export async function orgNames(store: InstanceStore): Promise<readonly string[]> {
  const instances = await Array.fromAsync(store.all());
  return instances.filter(isOrg).flatMap(({ data }) => (data["orgname"] ?? []).map(String));
}

/** The organisations of which somebody is a user, and whose events they may see. */
export async function orgsOf(store: InstanceStore, userid: Hash): Promise<Org[]> {
  const orgs = (await store.parents(userid, leaveOut)).filter(isOrg);
  return orgs.filter((org) => org._usr_ref.includes(userid));
}

/** Returns the names of organisations by their hashes. */
export function namesByHash(orgs: readonly Org[]): ReadonlyMap<Hash, string> {
  return new Map(orgs.map(({ _hash, data }) => [_hash, scalarText(data["orgname"]?.[0] ?? "")]));
}
