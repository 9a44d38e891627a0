import { isOrg, orgsOf } from "../../identity/org.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import { reply } from "../reply.ts";
import { withoutPasswords } from "./documents.ts";

/** What the routes about users and organisations need. */
export type IdentityOptions = { readonly identity: InstanceStore };

/** GET /user/info/self: the document of the user who asks. */
export function userInfo(user: TahoeObject): Response {
  return reply(200, { result: withoutPasswords(user), message: "See result." });
}

/** GET /orgs/user_of: the documents of the organisations of which they are a user. */
export async function orgsUserOf(
  user: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const orgs = await orgsOf(identity, user._hash);
  return reply(200, { result: orgs.map(withoutPasswords), message: "See result." });
}

/** GET /orgs/admin_of: the documents of the organisations of which they are an admin. */
export async function orgsAdminOf(
  user: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const parents = (await identity.referrers(user._hash, leaveOut)).filter(isOrg);
  const orgs = parents.filter((org) => org._adm_ref.includes(user._hash));
  return reply(200, { result: orgs.map(withoutPasswords), message: "See result." });
}
