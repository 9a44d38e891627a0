import type { Command } from "commander";
import { addAdmins, addUsers } from "../../identity/membership.ts";
import { findOrg, type Org, org, orgNames } from "../../identity/org.ts";
import { findUser, user } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { newCommand } from "../command.ts";
import { counted } from "../../counted.ts";
import type { Context } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import type { Check } from "../doctor.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { table } from "../table.ts";
import { checkEmail, checkOrgname } from "./check_names.ts";
import { firstValue, listMembers, userEmails } from "./members.ts";
import { removeUserCommand } from "./remove.ts";
import { userTokenCommand } from "./token.ts";
import { wrongUsage } from "./wrong_usage.ts";

type AddUserFlags = { readonly name?: string; readonly org?: string; readonly admin?: true };

export function usersCommand(context: Context): Command {
  return newCommand("users", "list the users, add one, remove one, or print a token", [
    "report users list",
    "report users add analyst@example.com --org example",
    "report users remove analyst@example.com",
    "report users token analyst@example.com",
  ])
    .addCommand(listCommand(context))
    .addCommand(addCommand(context))
    .addCommand(removeUserCommand(context))
    .addCommand(userTokenCommand(context));
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
        wrongUsage(command, "--admin needs --org: an admin of which one?");
      }
      if (flags.org !== undefined) checkOrgname(flags.org, command);
      return addUser(context, email, { flags, command });
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

async function addUser(
  context: Context,
  email: string,
  { flags, command }: { readonly flags: AddUserFlags; readonly command: Command },
): Promise<void> {
  const { identity, prepare } = await context.stores("identity");
  await prepare();
  // Users that the API has made may have any name.
  if (await findUser(identity, email) === undefined) {
    checkEmail(email, command);
    await checkCapitals(identity, email);
  }
  const { name = "", org: orgname, admin: isAdmin = false } = flags;
  const isNew = orgname !== undefined && await checkOrg(identity, orgname, email);
  const added = await identity.atomically(async (store) => {
    const known = await findUser(store, email);
    if (known !== undefined && orgname === undefined) {
      throw new Error(
        `Cannot add user ${email}: a user with this address exists already. To let them see the ` +
          "events of an organisation, give --org",
      );
    }
    const user = known ?? await storeUser(store, email, name);
    const org = orgname === undefined
      ? undefined
      : await joinOrg(store, orgname, { user, isAdmin });
    return { email, hash: user._hash, org: org?._hash ?? null };
  });
  const where = orgname === undefined
    ? ", who sees no events yet: to change that, add them once more with --org"
    : `, who sees the events of ${orgname}${isNew ? ", a new organisation" : ""}`;
  context.show(added, () => `User ${email}${where}`);
}

/** @throws {Error} when there is a user whose address differs only in capitals. */
async function checkCapitals(store: InstanceStore, email: string): Promise<void> {
  const known = (await userEmails(store)).find((one) => one.toLowerCase() === email.toLowerCase());
  if (known === undefined) return;
  throw new Error(`Cannot add user ${email}: there is ${known}, with other capitals. Name them so`);
}

/**
 * Tells whether an organisation does not exist yet.
 *
 * @throws {Error} when it does not, but one with a near name does: a slip would hide all events.
 */
async function checkOrg(store: InstanceStore, orgname: string, email: string): Promise<boolean> {
  if (await findOrg(store, orgname) !== undefined) return false;
  const advice = didYouMean(orgname, await orgNames(store));
  if (advice === "") return true;
  throw new Error(
    `Cannot add ${email} to ${shellQuoted(orgname)}: there is no such organisation.${advice} ` +
      "If it is a new one, add the user without --org, and then " +
      `report orgs add ${shellQuoted(orgname)} --user ${email}`,
  );
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
