import { deepEqual, equal } from "../../assert.ts";
import { readToken } from "../../../lib/identity/token.ts";
import { findUser } from "../../../lib/identity/user.ts";
import { findOrg } from "../../../lib/identity/org.ts";
import { type Door, doorTest, SECRET } from "../open_door.ts";

/** Makes an organisation of one admin and one user, and somebody outside of it. */
async function addLab(door: Door) {
  const admin = await door.addUser("admin@example.com");
  const member = await door.addUser("member@example.com");
  const guest = await door.addUser("guest@example.com");
  return { admin, member, guest, lab: await door.addOrg("lab", [admin, member], [admin]) };
}

const NEW_USER = {
  email: "new@example.com",
  password: "Abcd1234",
  password2: "Abcd1234",
  name: "N",
};

doorTest("create/user makes a user and their token, and stores no password", async (door) => {
  const root = await door.addUser("root@example.com", "cybexp_superuser");
  const { status, body } = await door.post(root, "/create/user", NEW_USER);
  deepEqual([status, body.message], [201, "User created!"]);
  deepEqual(body.result.data, { email_addr: ["new@example.com"], name: ["N"] });
  deepEqual([body.result._cref.length, body.result._ref.length], [2, 2]);
  equal(await readToken(body.token, SECRET), body.result._hash);
  const stored = await findUser(door.identity, "new@example.com");
  deepEqual(stored?.data["password"], [""]);
  const again = await door.post(root, "/create/user", NEW_USER);
  deepEqual([again.status, again.body.message], [
    400,
    "Username/email = new@example.com already exists!",
  ]);
});

doorTest("create/user refuses ordinary users, two passwords and missing fields", async (door) => {
  const root = await door.addUser("root@example.com", "cybexp_superuser");
  const other = { ...NEW_USER, password2: "x" };
  const { name: _name, ...nameless } = NEW_USER;
  const ordinary = await door.post(await door.addUser("a@example.com"), "/create/user", NEW_USER);
  deepEqual([ordinary.status, ordinary.body.message], [
    401,
    "Only CYBEX-P admin can create user!",
  ]);
  equal((await door.post(root, "/create/user", other)).body.message, "Passwords do not match!");
  equal((await door.post(root, "/create/user", nameless)).body.message, "KeyError('name')");
});

doorTest("create/org makes an organisation", async (door) => {
  const root = await door.addUser("root@example.com", "cybexp_superuser");
  const [one, two] = [await door.addUser("1@example.com"), await door.addUser("2@example.com")];
  const fields = { orgname: "org1", user: [one._hash, two._hash], admin: one._hash, name: "Org 1" };
  const { status, body } = await door.post(root, "/create/org", fields);
  deepEqual([status, body.message], [201, "Org created!"]);
  deepEqual(body.result._adm_ref, [one._hash]);
  equal((await findOrg(door.identity, "org1"))?._hash, body.result._hash);
  const refused = async (change: object) =>
    (await door.post(root, "/create/org", { ...fields, ...change })).body.message;
  equal(await refused({}), "Orgname = org1 already exists!");
  equal(await refused({ orgname: "b", user: two._hash }), `Admin must be an user = ${one._hash}!`);
  equal(await refused({ orgname: "b", user: "x" }), "Invalid user hash=x");
  equal(await refused({ orgname: "b", admin: [] }), "user/admin list cannot be empty!");
  const ordinary = await door.post(one, "/create/org", { ...fields, orgname: "b" });
  deepEqual([ordinary.status, ordinary.body.message], [401, "Only CYBEX-P admin can create org!"]);
});

doorTest("user/info/self, orgs/user_of and orgs/admin_of send no passwords", async (door) => {
  const { admin, member, guest, lab } = await addLab(door);
  const self = await door.as(member, "/user/info/self");
  deepEqual(self.body.result.data, { email_addr: ["member@example.com"], name: [""] });
  const hashes = async (user: typeof admin, path: string) =>
    (await door.as(user, path)).body.result.map((org: { _hash: string }) => org._hash);
  deepEqual(await hashes(member, "/orgs/user_of"), [lab._hash]);
  deepEqual(await hashes(member, "/orgs/admin_of"), []);
  deepEqual(await hashes(admin, "/orgs/admin_of"), [lab._hash]);
  deepEqual(await hashes(guest, "/orgs/user_of"), []);
  const text = JSON.stringify((await door.as(admin, "/orgs/user_of")).body);
  equal(text.includes("password"), false);
  equal(text.includes("5e884898"), false);
});

doorTest("org/info lists the members that are asked for", async (door) => {
  const { admin, member, guest, lab } = await addLab(door);
  const ask = async (return_type?: unknown) =>
    (await door.post(admin, "/org/info", { org_hash: lab._hash, return_type })).body;
  const emails = (users: readonly { data: { email_addr: string[] } }[]) =>
    users.map((user) => user.data.email_addr[0]).sort();
  for (const all of [undefined, "all", ["all"], ["admin", "all"]]) {
    const { result, message } = await ask(all);
    equal(message, "See result.");
    deepEqual(emails(result.admin), ["admin@example.com"]);
    deepEqual(emails(result.user), ["admin@example.com", "member@example.com"]);
    deepEqual(result.acl.toSorted(), [admin._hash, member._hash].sort());
  }
  deepEqual(Object.keys((await ask("user")).result), ["user"]);
  deepEqual(Object.keys((await ask(["acl", "admin"])).result), ["acl", "admin"]);
  equal((await ask("x")).message, "Invalid return_type='x'");
  for (const other of [member, guest]) {
    const { status, body } = await door.post(other, "/org/info", { org_hash: lab._hash });
    deepEqual([status, body.message], [401, "You are not an admin of this Org!"]);
  }
  const unknown = await door.post(admin, "/org/info", { org_hash: "0".repeat(64) });
  deepEqual([unknown.status, unknown.body.message], [400, "Invalid Org hash!"]);
  const missing = await door.post(admin, "/org/info", {});
  equal(missing.body.message, "Invalid input: KeyError('org_hash') 'org_hash'!");
});

doorTest("org/add/user adds to the strongest list that is named", async (door) => {
  const { admin, guest, lab } = await addLab(door);
  const add = async (user: unknown, add_to: unknown) =>
    await door.post(admin, "/org/add/user", { org_hash: lab._hash, user, add_to });
  const stored = async () => (await findOrg(door.identity, "lab"))!;
  const added = await add(guest._hash, "acl");
  deepEqual([added.status, added.body.message], [201, "User/s successfully added!"]);
  deepEqual((await stored())._acl.includes(guest._hash), true);
  equal((await add(guest._hash, ["acl"])).body.message, `User already in ACL = ${guest._hash}!`);
  equal((await add([guest._hash], ["user", "acl"])).status, 201);
  equal((await add(guest._hash, "user")).body.message, `User already in Org = ${guest._hash}!`);
  equal((await add(guest._hash, ["all"])).status, 201);
  equal((await stored())._adm_ref.includes(guest._hash), true);
  equal((await add(guest._hash, "admin")).body.message, `User is already admin = ${guest._hash}!`);
  equal((await add(guest._hash, "x")).body.message, "Invalid 'add_to'!");
  equal((await add("x", "user")).body.message, "Invalid user hash=x");
  const missing = await door.post(admin, "/org/add/user", { user: guest._hash, add_to: "acl" });
  equal(missing.body.message, "KeyError('org_hash')");
});

doorTest("org/del/user deletes from the lists that are named", async (door) => {
  const { admin, member, guest, lab } = await addLab(door);
  const remove = async (user: unknown, del_from: unknown) => {
    const fields = { org_hash: lab._hash, user, del_from };
    return (await door.post(admin, "/org/del/user", fields)).body.message;
  };
  equal(await remove(admin._hash, "acl"), `Cannot delete admin from ACL = ${admin._hash}!`);
  equal(await remove(admin._hash, "user"), `User is admin = ${admin._hash}!`);
  equal(await remove(admin._hash, "admin"), `User is only admin = ${admin._hash}!`);
  equal(await remove(guest._hash, "user"), `User is not in org = ${guest._hash}!`);
  equal(await remove(guest._hash, "acl"), `User is not in ACL = ${guest._hash}!`);
  equal(await remove(member._hash, "admin"), `User is not admin = ${member._hash}!`);
  equal(await remove(member._hash, ["acl", "x"]), "Invalid 'del_from'!");
  equal(await remove(member._hash, ["user", "acl"]), "User/s successfully deleted!");
  const { _usr_ref, _acl } = (await findOrg(door.identity, "lab"))!;
  deepEqual([_usr_ref, _acl], [[admin._hash], [admin._hash]]);
});

doorTest("organisations are changed only by their own admins", async (door) => {
  const { member, guest, lab } = await addLab(door);
  await door.addOrg("theirs", [guest]);
  for (const other of [member, guest]) {
    const fields = { org_hash: lab._hash, user: guest._hash };
    const added = await door.post(other, "/org/add/user", { ...fields, add_to: "admin" });
    deepEqual([added.status, added.body.message], [401, "You are not an admin of this org."]);
    const removed = await door.post(other, "/org/del/user", { ...fields, del_from: "user" });
    deepEqual([removed.status, removed.body.message], [401, "You are not an admin of this org!"]);
  }
  deepEqual(await findOrg(door.identity, "lab"), (await door.identity.get([lab._hash]))[0]);
});
