import { findOrg, org } from "../../identity/org.ts";
import { issueToken } from "../../identity/token.ts";
import { findUser, user } from "../../identity/user.ts";
import type { Child } from "../../tahoe/children.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { withoutPasswords } from "./documents.ts";
import { findUsers } from "./known_users.ts";
import type { IdentityOptions } from "./members.ts";
import { requiredField, stringField } from "./missing_field.ts";

/** POST /create/user: creates a user, and makes their token. The password is not stored. */
export async function createUser(
  fields: Fields,
  creator: TahoeObject,
  { identity, secret }: IdentityOptions & { readonly secret: string },
): Promise<Response> {
  const email = stringField(fields, "email");
  const [password, password2] = ["password", "password2"].map((name) => stringField(fields, name));
  const name = stringField(fields, "name");
  if (password !== password2) throw new Refusal(400, "Passwords do not match!");
  checkSuperuser(creator, "user");
  checkNotEmpty(email, "email");
  const created = make(() => user({ email, name }));
  await identity.atomically(async (store) => {
    if (await findUser(store, email) !== undefined) {
      throw new Refusal(400, `Username/email = ${email} already exists!`);
    }
    await store.put([...created.parts, created.user]);
  });
  return reply(201, {
    message: "User created!",
    result: withoutPasswords(created.user),
    token: await issueToken(created.user, secret),
  });
}

/** POST /create/org: creates an organisation. */
export async function createOrg(
  fields: Fields,
  creator: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const orgname = stringField(fields, "orgname");
  const named = { user: requiredField(fields, "user"), admin: requiredField(fields, "admin") };
  const name = stringField(fields, "name");
  checkSuperuser(creator, "org");
  checkNotEmpty(orgname, "orgname");
  const created = await identity.atomically(async (store) => {
    if (await findOrg(store, orgname) !== undefined) {
      throw new Refusal(400, `Orgname = ${orgname} already exists!`);
    }
    const users = await findUsers(store, named.user);
    const admins = await findUsers(store, named.admin);
    const outsider = admins.find(({ _hash }) => users.every((user) => user._hash !== _hash));
    if (outsider !== undefined) {
      throw new Refusal(400, `Admin must be an user = ${outsider._hash}!`);
    }
    const { org: document, parts } = make(() => org({ orgname, users, admins, name }));
    await store.put([...parts, document]);
    return document;
  });
  return reply(201, { message: "Org created!", result: withoutPasswords(created) });
}

/** Makes a user or an organisation of what a request gives. */
function make<Made extends { readonly parts: readonly Child[] }>(create: () => Made): Made {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new Refusal(400, `Invalid input: ${error.message}!`, { cause: error });
  }
}

function checkSuperuser({ sub_type }: TahoeObject, what: "user" | "org"): void {
  if (sub_type === "cybexp_superuser") return;
  throw new Refusal(401, `Only CYBEX-P admin can create ${what}!`);
}

function checkNotEmpty(text: string, name: string): void {
  if (text.trim() !== "" && text.isWellFormed()) return;
  throw new Refusal(400, `Invalid input: ${name} is empty, or not a text!`);
}
