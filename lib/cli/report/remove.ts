import type { Command } from "commander";
import { findOrg, type Org, orgNames, orgsOf } from "../../identity/org.ts";
import {
  leaveOrgs,
  type Obstacle,
  removeOrg,
  removeUser,
  StillNeeded,
} from "../../identity/removal.ts";
import { findUser } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import { firstValue, userEmails } from "./members.ts";

/** `report users remove`. */
export function removeUserCommand(context: Context): Command {
  return newCommand("remove", "remove a user; with --org only take them out of an organisation", [
    "report users remove analyst@example.com",
    "report users remove analyst@example.com --org example",
  ])
    .argument("<email>", "the user's e-mail address")
    .option("-o, --org <orgname>", "the organisation whose events the user is to see no longer")
    .action((email: string, { org }: { readonly org?: string }) =>
      org === undefined
        ? removeWholeUser(context, email)
        : takeOut(context, { email, orgname: org })
    );
}

/** `report orgs remove`. */
export function removeOrgCommand(context: Context): Command {
  return newCommand("remove", "remove an organisation; its users and its events stay", [
    "report orgs remove example",
  ])
    .argument("<orgname>", "the organisation: nobody sees its events afterwards")
    .action((orgname: string) => removeWholeOrg(context, orgname));
}

async function removeWholeUser(context: Context, email: string): Promise<void> {
  const { identity } = await context.stores("identity");
  const removed = await explained(email, () =>
    identity.atomically(async (store) => {
      const user = await knownUser(store, email);
      const orgs = (await orgsOf(store, user._hash)).map((org) => firstValue(org, "orgname"));
      await removeUser(store, user);
      return { email, hash: user._hash, orgs };
    }));
  context.show(removed, () =>
    `User ${email} is removed, and can ask nothing any more. ` +
    "Reports that were made for them stay in the report database");
}

async function takeOut(
  context: Context,
  { email, orgname }: { readonly email: string; readonly orgname: string },
): Promise<void> {
  const { identity } = await context.stores("identity");
  const result = await explained(email, () =>
    identity.atomically(async (store) => {
      const user = await knownUser(store, email);
      const org = await knownOrg(store, orgname);
      const orgs = await orgsOf(store, user._hash);
      if (!orgs.some(({ _hash }) => _hash === org._hash)) {
        throw new RangeError(
          `Cannot take user ${email} out of ${orgname}: not a user of it. ` +
            "report users list shows who sees whose events",
        );
      }
      await leaveOrgs(store, user, [org]);
      const left = orgs.filter(({ _hash }) => _hash !== org._hash);
      return { email, hash: user._hash, orgs: left.map((one) => firstValue(one, "orgname")) };
    }));
  const rest = result.orgs.length > 0 ? `those of ${result.orgs.join(", ")}` : "none";
  context.show(
    result,
    () => `User ${email} sees the events of ${orgname} no longer; still ${rest}`,
  );
}

async function removeWholeOrg(context: Context, orgname: string): Promise<void> {
  const { identity } = await context.stores("identity");
  const hash = await identity.atomically(async (store) => {
    const org = await knownOrg(store, orgname);
    await removeOrg(store, org);
    return org._hash;
  });
  context.show(
    { orgname, hash },
    () =>
      `Organisation ${orgname} is removed: nobody sees its events any more. They stay in the ` +
      `archive; archive forget --org ${hash} takes them back`,
  );
}

async function knownUser(store: InstanceStore, email: string): Promise<TahoeObject> {
  const user = await findUser(store, email);
  if (user !== undefined) return user;
  const advice = didYouMean(email, await userEmails(store));
  throw new RangeError(
    `Cannot remove user ${email}: there is none. report users list shows who there is.${advice}`,
  );
}

async function knownOrg(store: InstanceStore, orgname: string): Promise<Org> {
  const org = await findOrg(store, orgname);
  if (org !== undefined) return org;
  const advice = didYouMean(orgname, await orgNames(store));
  throw new RangeError(
    `Cannot find organisation ${orgname}: there is none. ` +
      `report orgs list shows which there are.${advice}`,
  );
}

/** Runs `work`; what keeps the user in an organisation is said in words, with what to do. */
async function explained<T>(email: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StillNeeded)) throw error;
    const reasons = error.obstacles.map(reasonOf).join("; ");
    throw new Error(`Cannot remove user ${email}: ${reasons}`, { cause: error });
  }
}

function reasonOf({ org, reason }: Obstacle): string {
  const name = firstValue(org, "orgname");
  return reason === "only user"
    ? `the only user of ${name} (report orgs remove ${name} removes the organisation)`
    : `the only admin of ${name} (report users add <email> --org ${name} --admin makes another one)`;
}
