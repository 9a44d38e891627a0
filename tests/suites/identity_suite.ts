import { deepEqual, equal, rejects } from "../assert.ts";
import {
  addAdmins,
  addToAcl,
  addUsers,
  removeAdmins,
  removeFromAcl,
  removeUsers,
} from "../../lib/identity/membership.ts";
import { findOrg, org, orgsOf } from "../../lib/identity/org.ts";
import { findUser, findUserByHash, user } from "../../lib/identity/user.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { edit } from "../../lib/tahoe/edit.ts";
import { sha256 } from "../../lib/tahoe/hash.ts";
import type { Event, Hash, Instance, TahoeObject } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { object } from "../../lib/tahoe/object.ts";
import { normalForms } from "../normal_form.ts";
import { readVectors } from "../vectors.ts";
import { collect, type OpenInstances } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

type UserVector = { email: string; password: string; name: string; _hash: Hash };
type MembershipStep = {
  op: [string, string | number, ...unknown[]];
  ok: boolean;
  org_docs_json?: string[];
};
type Sequence = { users: UserVector[]; steps: MembershipStep[]; identity_docs_json: string[] };
type UserView = { _hash: Hash; orgs_user_of: Hash[]; visible_events: Hash[] };
type Lookup = { [name: string]: unknown; ok: boolean; result?: unknown };
type Vectors = {
  sequences: Sequence[];
  dam: { users: UserView[]; identity_docs_json: string[]; tahoe_docs_json: string[] };
  lookups: Lookup[];
};

/** Conformance of a backend for users and organisations: the vectors. */
export function identitySuite(name: string, open: OpenInstances): void {
  const withStore = testOn(name, open);
  const test = (
    what: string,
    body: (store: InstanceStore, vectors: Vectors) => Promise<void>,
  ) =>
    withStore(
      what,
      async ({ store }) => await body(store, JSON.parse(await readVectors("identity.json"))),
    );

  test("membership changes agree with every vector", async (store, { sequences }) => {
    for (const sequence of sequences) {
      for (const instance of await collect(store.all())) await store.remove(instance._hash);
      await runSequence(store, sequence);
    }
  });

  test(
    "orgsOf returns the organisations whose events a user sees, in every vector",
    async (store, { dam }) => {
      await store.put(dam.identity_docs_json.map(parseInstance));
      const events = dam.tahoe_docs_json.map(parseInstance).filter((instance) =>
        instance.itype === "event"
      ) as Event[];
      for (const view of dam.users) {
        const orgs = (await orgsOf(store, view._hash)).map((org) => org._hash);
        deepEqual(orgs.toSorted(), view.orgs_user_of.toSorted());
        const visible = events.filter((event) => orgs.includes(event.orgid));
        deepEqual(visible.map((event) => event._hash).sort(), view.visible_events.toSorted());
      }
    },
  );

  test("findUser and findOrg agree with every vector", async (store, { dam, lookups }) => {
    await store.put(dam.identity_docs_json.map(parseInstance));
    for (const { result, ...lookup } of lookups) {
      const { find_user_email: email, find_org_orgname: orgname, find_user_hash_of_org: hash } =
        lookup as { [name: string]: string };
      const found = email !== undefined
        ? await findUser(store, email)
        : orgname !== undefined
        ? await findOrg(store, orgname)
        : hash !== undefined
        ? await findUserByHash(store, hash)
        : undefined;
      if (email ?? orgname ?? hash) equal(found?._hash ?? null, result, JSON.stringify(lookup));
    }
  });
}

function parseInstance(text: string): Instance {
  return parseJson(text) as Instance;
}

async function runSequence(store: InstanceStore, sequence: Sequence): Promise<void> {
  const users = sequence.users.map(({ email, password, name }) =>
    user({ email, password: sha256(password), name })
  );
  await store.put(users.flatMap(({ user, parts }) => [...parts, user]));
  deepEqual(users.map(({ user }) => user._hash), sequence.users.map(({ _hash }) => _hash));
  for (const { op, ok, org_docs_json } of sequence.steps) {
    const step = () => applyStep(store, op, users.map(({ user }) => user));
    if (ok) await step();
    else await rejects(step, RangeError, JSON.stringify(op));
    if (org_docs_json === undefined) continue;
    const orgs = (await collect(store.all())).filter((instance) =>
      instance.sub_type === "cybexp_org"
    );
    deepEqual(normalForms(orgs), normalForms(org_docs_json.map(parseInstance)), JSON.stringify(op));
  }
  const leftovers = new Set(lookupLeftovers().map((instance) => instance._hash));
  const stored = await collect(store.all());
  const expected = sequence.identity_docs_json.map(parseInstance).filter(({ _hash }) =>
    !leftovers.has(_hash) || stored.some((instance) => instance._hash === _hash)
  );
  deepEqual(new Set(normalForms(stored)), new Set(normalForms(expected)));
}

/** What parsing and looking up leave behind in the existing system by mistake. */
function lookupLeftovers(): Instance[] {
  const mock = user({ email: "mock_user", password: sha256("") });
  const admins = object("admin", mock.user);
  return [...mock.parts, mock.user, admins, attribute("mock", "mock")];
}

const CHANGES: {
  [op: string]: (store: InstanceStore, orgid: Hash, users: TahoeObject[]) => Promise<unknown>;
} = {
  add_user: addUsers,
  add_admin: addAdmins,
  del_user: removeUsers,
  del_admin: removeAdmins,
  add_user_to_acl: addToAcl,
  del_user_from_acl: removeFromAcl,
};

async function applyStep(
  store: InstanceStore,
  op: MembershipStep["op"],
  users: TahoeObject[],
): Promise<void> {
  const [kind, target, ...rest] = op;
  const usersAt = (indices: unknown) => (indices as number[]).map((index) => users[index]!);
  if (kind === "org") {
    const made = org({
      orgname: target as string,
      users: usersAt(rest[0]),
      admins: usersAt(rest[1]),
      name: `Org ${target}`,
    });
    return await store.put([...made.parts, made.org]);
  }
  if (kind === "change_pass") {
    const [stored] = await store.get([users[target as number]!._hash]) as [TahoeObject];
    const remove = attribute("password", stored.data["password"]![0] as string);
    await edit(store, stored._hash, {
      remove,
      add: attribute("password", sha256(rest[0] as string)),
    });
    return;
  }
  const found = await findOrg(store, target as string);
  await CHANGES[kind]!(store, found!._hash, usersAt(rest[0]));
}
