import type { Command } from "commander";
import { findOrg, org } from "../../identity/org.ts";
import { findUser } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import { table } from "../table.ts";
import { checkOrgname } from "./check_names.ts";
import { firstValue, listMembers, userEmails } from "./members.ts";
import { removeOrgCommand } from "./remove.ts";

type AddOrgFlags = {
  readonly user: readonly string[];
  readonly admin?: readonly string[];
  readonly name?: string;
};

export function orgsCommand(context: Context): Command {
  return newCommand("orgs", "list the organisations, add one, or remove one", [
    "report orgs list",
    "report orgs add example --user analyst@example.com",
    "report orgs remove example",
  ])
    .addCommand(listCommand(context))
    .addCommand(addCommand(context))
    .addCommand(removeOrgCommand(context));
}

function listCommand(context: Context): Command {
  return newCommand("list", "list the organisations and their users", [
    "report orgs list",
    "report orgs list --json | jq -r '.[].hash'",
  ]).action(() => listOrgs(context));
}

function addCommand(context: Context): Command {
  return newCommand("add", "add an organisation of existing users", [
    "report orgs add example --user analyst@example.com",
    "report orgs add example --user a@example.com b@example.com --admin b@example.com",
  ])
    .argument("<orgname>", 'short name, as in archive submit --org "<orgname>"')
    .requiredOption("-u, --user <email...>", "users, who see the organisation's events")
    .option("-a, --admin <email...>", "those of the users who are admins (default: the first)")
    .option("--name <name>", "the organisation's full name")
    .action((orgname: string, flags: AddOrgFlags, command: Command) => {
      checkOrgname(orgname, command);
      return addOrg(context, orgname, flags);
    });
}

async function listOrgs(context: Context): Promise<void> {
  const { identity } = await context.stores("identity");
  const { users, orgs } = await listMembers(identity);
  const emails = new Map(users.map((user) => [user._hash, firstValue(user, "email_addr")]));
  const emailsOf = (hashes: readonly string[]) => hashes.map((hash) => emails.get(hash) ?? hash);
  const rows = orgs.map((org) => ({
    orgname: firstValue(org, "orgname"),
    name: firstValue(org, "name"),
    users: emailsOf(org._usr_ref),
    admins: emailsOf(org._adm_ref),
    hash: org._hash,
  }));
  context.show(rows, () =>
    table(
      ["orgname", "name", "users", "admins", "hash"],
      rows.map(({ orgname, name, users, admins, hash }) => [
        orgname,
        name,
        users.join(", "),
        admins.join(", "),
        hash,
      ]),
    ));
}

async function addOrg(context: Context, orgname: string, flags: AddOrgFlags): Promise<void> {
  const { identity, prepare } = await context.stores("identity");
  await prepare();
  const { user: users, admin: admins = users.slice(0, 1), name = "" } = flags;
  const hash = await identity.atomically(async (store) => {
    if (await findOrg(store, orgname) !== undefined) {
      throw new Error(
        `Cannot add organisation ${orgname}: it exists already. To add users to it: ` +
          `report users add you@example.com --org ${shellQuoted(orgname)}`,
      );
    }
    const created = org({
      orgname,
      name,
      users: await findUsers(store, users),
      admins: await findUsers(store, admins),
    });
    await store.put([...created.parts, created.org]);
    return created.org._hash;
  });
  context.show({ orgname, hash }, () => `Organisation ${orgname}, hash ${hash}`);
}

async function findUsers(store: InstanceStore, emails: readonly string[]): Promise<TahoeObject[]> {
  return await Promise.all(emails.map(async (email) => {
    const user = await findUser(store, email);
    if (user !== undefined) return user;
    throw new Error(
      `Cannot add ${email} to the organisation: there is no such user.` +
        `${didYouMean(email, await userEmails(store))} To add the user: report users add ${email}`,
    );
  }));
}
