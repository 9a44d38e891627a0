import type { Command } from "commander";
import { addAdmins, addUsers } from "../../identity/membership.ts";
import { findOrg, type Org, org } from "../../identity/org.ts";
import { findUser, user } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { newCommand } from "../command.ts";
import { counted } from "../counted.ts";
import type { Context } from "../context.ts";
import type { Check } from "../doctor.ts";
import { table } from "../table.ts";
import { firstValue, listMembers } from "./members.ts";
import { removeUserCommand } from "./remove.ts";

type AddUserFlags = { readonly name?: string; readonly org?: string; readonly admin?: true };

export function usersCommand(context: Context): Command {
  return newCommand("users", "list the users, add one, or remove one", [
    "report users list",
    "report users add analyst@example.com --org example",
    "report users remove analyst@example.com",
  ])
    .addCommand(listCommand(context))
    .addCommand(addCommand(context))
    .addCommand(removeUserCommand(context));
}

/** Checks that there is a user to ask as. */
export const USERS_CHECK: Check = {
  about: "users",
  inspect: async (context) => {
    const { identity } = await context.stores("identity");
    const { users, orgs } = await listMembers(identity);
    const text = `${counted(users.length, "user")}, ${counted(orgs.length, "organisation")}`;
    if (orgs.length > 0) return [{ level: "ok", text }];
    const advice = "To add the first of both: report users add you@example.com --org example";
    return [{ level: "warn", text, advice }];
  },
};

function listCommand(context: Context): Command {
  return newCommand("list", "list the users and whose events they see", [
    "report users list",
    "report users list --json | jq -r '.[].email'",
  ]).action(() => listUsers(context));
}

function addCommand(context: Context): Command {
  return newCommand(
    "add",
    "add a user; with --org also to an organisation, which is created if necessary",
    [
      "report users add analyst@example.com --org example",
      'report users add analyst@example.com --name "Ann Lyst"',
    ],
  )
    .argument("<email>", "the user's e-mail address")
    .option("--name <name>", "the user's name")
    .option("-o, --org <orgname>", "the organisation whose events the user may see")
    .option("--admin", "make the user an admin of that organisation")
    .action((email: string, flags: AddUserFlags, command: Command) => {
      if (flags.admin && flags.org === undefined) {
        command.error("error: --admin needs --org: an admin of which one?", { exitCode: 2 });
      }
      return addUser(context, email, flags);
    });
}

async function listUsers(context: Context): Promise<void> {
  const { identity } = await context.stores("identity");
  const { users, orgs } = await listMembers(identity);
  const rows = users.map((user) => ({
    email: firstValue(user, "email_addr"),
    name: firstValue(user, "name"),
    orgs: orgs.filter((org) => org._usr_ref.includes(user._hash)).map((o) =>
      firstValue(o, "orgname")
    ),
    hash: user._hash,
  }));
  context.show(rows, () =>
    table(
      ["e-mail", "name", "sees events of", "hash"],
      rows.map(({ email, name, orgs, hash }) => [email, name, orgs.join(", "), hash]),
    ));
}

async function addUser(context: Context, email: string, flags: AddUserFlags): Promise<void> {
  const { identity, prepare } = await context.stores("identity");
  await prepare();
  const { name = "", org: orgname, admin: isAdmin = false } = flags;
  const added = await identity.atomically(async (store) => {
    const known = await findUser(store, email);
    if (known !== undefined && orgname === undefined) {
      throw new Error(`Cannot add user ${email}: a user with this address exists already`);
    }
    const user = known ?? await storeUser(store, email, name);
    const org = orgname === undefined
      ? undefined
      : await joinOrg(store, orgname, { user, isAdmin });
    return { email, hash: user._hash, org: org?._hash ?? null };
  });
  const where = orgname === undefined ? "" : `, who sees the events of ${orgname}`;
  context.show(added, () => `User ${email}${where}`);
}

async function storeUser(store: InstanceStore, email: string, name: string): Promise<TahoeObject> {
  const created = user({ email, name });
  await store.put([...created.parts, created.user]);
  return created.user;
}

/**
 * Adds a user to an organisation, as its admin if asked for. If it does not exist, creates it, with
 * the user as its admin.
 */
async function joinOrg(
  store: InstanceStore,
  orgname: string,
  { user, isAdmin }: { readonly user: TahoeObject; readonly isAdmin: boolean },
): Promise<Org> {
  const known = await findOrg(store, orgname);
  if (known !== undefined) {
    if (isAdmin && !known._adm_ref.includes(user._hash)) {
      return await addAdmins(store, known._hash, [user]);
    }
    return known._usr_ref.includes(user._hash) ? known : await addUsers(store, known._hash, [user]);
  }
  const created = org({ orgname, users: [user], admins: [user] });
  await store.put([...created.parts, created.org]);
  return created.org;
}
