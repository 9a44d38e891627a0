import type { Org } from "../../identity/org.ts";
import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { Refusal } from "../refusal.ts";

/** A change to one of the lists of members of an organisation. */
export type MemberChange = {
  readonly change: (
    store: InstanceStore,
    orgid: Hash,
    users: readonly TahoeObject[],
  ) => Promise<Org>;
  /** Why a user's hash keeps the change from being made: a message that clients know. */
  readonly fault: (org: Org, hash: Hash, all: readonly Hash[]) => string | false;
};

/**
 * Changes a list of members.
 *
 * @throws {Refusal} 400 when one of the users keeps it from being made: nothing changes.
 */
export async function changeMembers(
  identity: InstanceStore,
  { change, fault }: MemberChange,
  { org, users }: { readonly org: Org; readonly users: readonly TahoeObject[] },
): Promise<void> {
  const hashes = users.map((user) => user._hash);
  for (const hash of hashes) {
    const message = fault(org, hash, hashes);
    if (message !== false) throw new Refusal(400, message);
  }
  try {
    await change(identity, org._hash, users);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Somebody else has changed the organisation meanwhile.
    throw new Refusal(400, error.message, { cause: error });
  }
}
