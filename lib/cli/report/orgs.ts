import type { Command } from "commander";
import { findOrg, org } from "../../identity/org.ts";
import { findUser } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { table } from "../table.ts";
import { members, textOf } from "./users.ts";

type AddOptions = {
  readonly user: readonly string[];
  readonly admin?: readonly string[];
  readonly name?: string;
};

export function orgsCommand(context: Context): Command {
  return newCommand("orgs", "list the organisations, or add one", [
    "report orgs list",
    "report orgs add example --user analyst@example.com",
  ])
    .addCommand(listCommand(context))
    .addCommand(addCommand(context));
}

function listCommand(context: Context): Command {
  return newCommand("list", "list the organisations and their users", [
    "report orgs list",
    "report orgs list --json | jq -r '.[].hash'",
  ]).action(() => listOrgs(context));
}

function addCommand(context: Context): Command {
  return newCommand("add", "add an organisation of users that are there", [
    "report orgs add example --user analyst@example.com",
    "report orgs add example --user a@example.com b@example.com --admin b@example.com",
  ])
    .argument("<orgname>", 'what uploads are labelled with: archive submit --org "<orgname>"')
    .requiredOption("-u, --user <email...>", "users: they see the organisation's events")
    .option("-a, --admin <email...>", "which of the users are admins; else the first")
    .option("--name <name>", "the organisation's full name")
    .action((orgname: string, options: AddOptions) => addOrg(context, orgname, options));
}

async function listOrgs(context: Context): Promise<void> {
  const { identity } = await context.stores("identity");
  const { users, orgs } = await members(identity);
  const emails = new Map(users.map((user) => [user._hash, textOf(user, "email_addr")]));
  const named = (hashes: readonly string[]) => hashes.map((hash) => emails.get(hash) ?? hash);
  const rows = orgs.map((org) => ({
    orgname: textOf(org, "orgname"),
    name: textOf(org, "name"),
    users: named(org._usr_ref),
    admins: named(org._adm_ref),
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

async function addOrg(context: Context, orgname: string, options: AddOptions): Promise<void> {
  const { identity, prepare } = await context.stores("identity");
  await prepare();
  const { user: users, admin: admins = users.slice(0, 1), name = "" } = options;
  const hash = await identity.atomically(async (store) => {
    if (await findOrg(store, orgname) !== undefined) {
      throw new Error(
        `Cannot add organisation ${orgname}: it is there already. ` +
          `report users add <email> --org ${orgname} adds users to it`,
      );
    }
    const made = org({
      orgname,
      name,
      users: await known(store, users),
      admins: await known(store, admins),
    });
    await store.put([...made.parts, made.org]);
    return made.org._hash;
  });
  context.show({ orgname, hash }, () => `Organisation ${orgname}, hash ${hash}`);
}

async function known(store: InstanceStore, emails: readonly string[]): Promise<TahoeObject[]> {
  return await Promise.all(emails.map(async (email) => {
    const user = await findUser(store, email);
    if (user !== undefined) return user;
    throw new Error(`No user ${email}: report users add ${email} adds one`);
  }));
}
