import { deepEqual, equal, rejects } from "../assert.ts";
import { type Org, org, orgsOf } from "../../lib/identity/org.ts";
import { leaveOrgs, removeOrg, removeUser, StillNeeded } from "../../lib/identity/removal.ts";
import { findUser, user } from "../../lib/identity/user.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { collect, type OpenInstances } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

const [ada, bob] = ["ada@example.com", "bob@example.com"].map((email) =>
  user({ email, name: "The same" })
) as [ReturnType<typeof user>, ReturnType<typeof user>];

/** Removing users and organisations, over a backend. */
export function removalSuite(name: string, open: OpenInstances): void {
  const test = testOn(name, open);

  test("removeUser takes away a user and what only they are made of", async ({ store }) => {
    await put(store, "lab", { admins: [bob.user], users: [bob.user] });
    const before = await everything(store);
    await store.put([...ada.parts, ada.user]);
    await removeUser(store, ada.user);
    deepEqual(await everything(store), before);
  });

  test("removeUser leaves every organisation, as its admin as well", async ({ store }) => {
    await put(store, "lab", { admins: [ada.user, bob.user] });
    await put(store, "office", { admins: [bob.user] });
    await removeUser(store, ada.user);
    equal(await findUser(store, "ada@example.com"), undefined);
    deepEqual(await orgsOf(store, ada.user._hash), []);
    const orgs = await orgsOf(store, bob.user._hash);
    deepEqual(orgs.map(({ _usr_ref, _adm_ref, _acl }) => [_usr_ref, _adm_ref, _acl]), [
      [[bob.user._hash], [bob.user._hash], [bob.user._hash]],
      [[bob.user._hash], [bob.user._hash], [bob.user._hash]],
    ]);
    equal((await store.referrers(ada.user._hash)).length, 0);
    await isSound(store);
  });

  test("removeUser changes nothing where an organisation needs the user", async ({ store }) => {
    await put(store, "lab", { admins: [ada.user] });
    await put(store, "office", { admins: [ada.user], users: [ada.user] });
    await put(store, "club", { admins: [ada.user, bob.user] });
    const before = await everything(store);
    await rejects(removeUser(store, ada.user), (error) => {
      const reasons = (error as StillNeeded).obstacles.map(({ org, reason }) =>
        `${org.data["orgname"]}: ${reason}`
      );
      deepEqual(reasons.toSorted(), ["lab: only admin", "office: only user"]);
      return error instanceof StillNeeded;
    });
    deepEqual(await everything(store), before);
  });

  test("leaveOrgs keeps the user and the other organisations", async ({ store }) => {
    const lab = await put(store, "lab", { admins: [bob.user] });
    const office = await put(store, "office", { admins: [ada.user, bob.user] });
    await leaveOrgs(store, ada.user, [lab]);
    deepEqual((await orgsOf(store, ada.user._hash)).map(({ _hash }) => _hash), [office._hash]);
    await leaveOrgs(store, ada.user, [office]);
    deepEqual(await orgsOf(store, ada.user._hash), []);
    equal((await findUser(store, "ada@example.com"))?._hash, ada.user._hash);
    await isSound(store);
  });

  test("removeOrg keeps its users, in and without other organisations", async ({ store }) => {
    const office = await put(store, "office", { admins: [bob.user], users: [bob.user] });
    const before = await everything(store);
    const lab = await put(store, "lab", { admins: [ada.user] });
    await removeOrg(store, lab);
    deepEqual(await everything(store), [...new Set([...before, ...hashesOf(ada)])].sort());
    deepEqual((await orgsOf(store, bob.user._hash)).map(({ _hash }) => _hash), [office._hash]);
    await removeOrg(store, office);
    deepEqual(await everything(store), [...new Set([...hashesOf(ada), ...hashesOf(bob)])].sort());
  });
}

async function put(
  store: InstanceStore,
  orgname: string,
  { admins, users = [ada.user, bob.user] }: {
    readonly admins: readonly (typeof ada.user)[];
    readonly users?: readonly (typeof ada.user)[];
  },
): Promise<Org> {
  const made = org({ orgname, users, admins });
  const members = [ada, bob].filter((member) => users.includes(member.user));
  await store.put([
    ...members.flatMap(({ user, parts }) => [...parts, user]),
    ...made.parts,
    made.org,
  ]);
  return made.org;
}

function hashesOf({ user, parts }: typeof ada): string[] {
  return [user, ...parts].map(({ _hash }) => _hash);
}

async function everything(store: InstanceStore): Promise<string[]> {
  return (await collect(store.all())).map(({ _hash }) => _hash).toSorted();
}

async function isSound(store: InstanceStore): Promise<void> {
  const refs = (await collect(store.all())).flatMap((one) => "_ref" in one ? one._ref ?? [] : []);
  deepEqual(await store.missing(refs), []);
}
