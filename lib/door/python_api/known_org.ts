import { isOrg, type Org } from "../../identity/org.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import type { Value } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";

/** What a route says of an organisation that does not exist, or that is not the user's to change. */
export type OrgMessages = { readonly unknown: string; readonly notAdmin: string };

/**
 * Finds an organisation whose admin the user is.
 *
 * @throws {Refusal} 400 when there is no such organisation, 401 when they are not its admin.
 */
export async function findOwnOrg(
  hash: Value,
  user: TahoeObject,
  { identity, messages }: { readonly identity: InstanceStore; readonly messages: OrgMessages },
): Promise<Org> {
  const [org] = typeof hash === "string" ? await identity.get([hash], leaveOut) : [];
  if (!isOrg(org)) throw new Refusal(400, messages.unknown);
  if (!org._adm_ref.includes(user._hash)) throw new Refusal(401, messages.notAdmin);
  return org;
}
