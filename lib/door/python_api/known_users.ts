import { isUser } from "../../identity/user.ts";
import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import type { Value } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";
import { stringList } from "./missing_field.ts";

/**
 * Finds the users that a request names by their hashes, each once.
 *
 * @throws {Refusal} 400 when it names none, or one that does not exist.
 */
export async function findUsers(identity: InstanceStore, value: Value): Promise<TahoeObject[]> {
  const hashes = new Set(stringList(value, "Invalid input: users are named by their hashes!"));
  if (hashes.size === 0) throw new Refusal(400, "user/admin list cannot be empty!");
  const users = await usersByHash(identity, [...hashes]);
  return [...hashes].map((hash) => {
    const user = users.get(hash);
    if (user === undefined) throw new Refusal(400, `Invalid user hash=${hash}`);
    return user;
  });
}

/** Finds users by their hashes; leaves out what is not there. */
export async function usersByHash(
  identity: InstanceStore,
  hashes: readonly Hash[],
): Promise<ReadonlyMap<Hash, TahoeObject>> {
  const users = (await identity.get(hashes, leaveOut)).filter(isUser);
  return new Map(users.map((user) => [user._hash, user]));
}
