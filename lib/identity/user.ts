import { attribute } from "../tahoe/attribute.ts";
import { stripPython } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { identityHash } from "../tahoe/hash.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { object } from "../tahoe/object.ts";

/** What kinds of user there are. */
export type UserType = "cybexp_user" | "cybexp_superuser";

const USER_TYPES: readonly string[] = ["cybexp_user", "cybexp_superuser"];

export type UserOptions = {
  readonly email: string;
  /** As the document holds it: a hash. The default matches no log-in. */
  readonly password?: string;
  readonly name?: string;
  readonly type?: UserType;
};

/**
 * A member of the sharing community, known by the e-mail address alone; and the user's attributes,
 * to be stored with it. Throws TypeError or RangeError if a part has the wrong type or value.
 */
export function user(
  { email, password = "", name = "", type = "cybexp_user" }: UserOptions,
): { readonly user: TahoeObject; readonly parts: readonly Child[] } {
  if (typeof email !== "string") throw new TypeError("An e-mail address must be a text");
  if (!USER_TYPES.includes(type)) throw new RangeError(`No such kind of user: ${type}`);
  const parts = [
    attribute("email_addr", email),
    attribute("password", password),
    attribute("name", name),
  ];
  return { user: { ...object(type, parts), _hash: identityHash(type, email) }, parts };
}

export function isUser(instance: { itype: string; sub_type: string }): instance is TahoeObject {
  return instance.itype === "object" && USER_TYPES.includes(instance.sub_type);
}

/** The user with this e-mail address, white space around it aside. */
export function findUser(store: InstanceStore, email: string): Promise<TahoeObject | undefined> {
  const spellings = new Set([email, stripPython(email)]);
  const hashes = [...spellings].flatMap((email) =>
    USER_TYPES.map((type) => identityHash(type, email))
  );
  return firstUser(store, hashes);
}

/** The user with this hash; nothing if it is something else's. */
export function findUserByHash(store: InstanceStore, hash: Hash): Promise<TahoeObject | undefined> {
  return firstUser(store, [hash]);
}

async function firstUser(store: InstanceStore, hashes: readonly Hash[]) {
  return (await store.get(hashes)).find(isUser);
}
