import { attribute } from "../tahoe/attribute.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { identityHash } from "../tahoe/hash.ts";
import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";

/** Sub-types of users. */
export type UserType = "cybexp_user" | "cybexp_superuser";

const USER_TYPES: readonly string[] = ["cybexp_user", "cybexp_superuser"];

export type UserOptions = {
  readonly email: string;
  /** The hash of the password, as stored. The default matches no log-in. */
  readonly password?: string;
  readonly name?: string;
  readonly type?: UserType;
};

/**
 * Makes a user, and the attributes to be stored with it. Its hash depends on its type and e-mail
 * address alone.
 *
 * @throws {TypeError} when the e-mail address is not a string, or an attribute cannot be made.
 * @throws {RangeError} when there is no such type of user, or an attribute cannot be stored.
 */
export function user(
  { email, password = "", name = "", type = "cybexp_user" }: UserOptions,
): { readonly user: TahoeObject; readonly parts: readonly Child[] } {
  if (typeof email !== "string") throw new TypeError("An e-mail address must be a string");
  if (!USER_TYPES.includes(type)) {
    throw new RangeError(`Cannot make a user of type ${type}: use ${USER_TYPES.join(" or ")}`);
  }
  const parts = [
    attribute("email_addr", email),
    attribute("password", password),
    attribute("name", name),
  ];
  return { user: { ...object(type, parts), _hash: identityHash(type, email) }, parts };
}

/** Whether an instance is a user. One whose fields have wrong types is not. */
export function isUser(instance: Instance): instance is TahoeObject {
  return instance.itype === "object" && USER_TYPES.includes(instance.sub_type) &&
    instanceFault(instance) === undefined;
}

/** Finds a user by their e-mail address; white space around it does not matter. */
export function findUser(store: InstanceStore, email: string): Promise<TahoeObject | undefined> {
  const spellings = new Set([email, stripPythonSpace(email)]);
  const hashes = [...spellings].flatMap((email) =>
    USER_TYPES.map((type) => identityHash(type, email))
  );
  return findFirstUser(store, hashes);
}

/** Finds a user by their hash; undefined if it is the hash of something else. */
export function findUserByHash(store: InstanceStore, hash: Hash): Promise<TahoeObject | undefined> {
  return findFirstUser(store, [hash]);
}

async function findFirstUser(store: InstanceStore, hashes: readonly Hash[]) {
  return (await store.get(hashes, leaveOut)).find(isUser);
}
