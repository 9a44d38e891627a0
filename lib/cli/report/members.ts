import { isOrg, type Org } from "../../identity/org.ts";
import { isUser } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import { scalarText, type Value } from "../../tahoe/value.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";

/** Lists all users by address, and all organisations by name. */
export async function listMembers(store: InstanceStore) {
  const users: TahoeObject[] = [];
  const orgs: Org[] = [];
  for await (const instance of store.all()) {
    if (isUser(instance)) users.push(instance);
    else if (isOrg(instance)) orgs.push(instance);
  }
  const by = (name: string) => (a: TahoeObject, b: TahoeObject) =>
    firstValue(a, name) < firstValue(b, name) ? -1 : 1;
  return { users: users.sort(by("email_addr")), orgs: orgs.sort(by("orgname")) };
}

/** Lists the addresses of all users. */
export async function userEmails(store: InstanceStore): Promise<readonly string[]> {
  return (await listMembers(store)).users.map((user) => firstValue(user, "email_addr"));
}

/** Returns the first value that a document has under a name; an empty string if it has none. */
export function firstValue({ data }: TahoeObject, name: string): string {
  const value: Value | undefined = data[name]?.[0];
  return scalarText(value);
}
