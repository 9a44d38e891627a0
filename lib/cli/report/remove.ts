import type { Command } from "commander";
import { findOrg, type Org, orgNames, orgsOf } from "../../identity/org.ts";
import {
  checkLeaving,
  leaveOrgs,
  type Obstacle,
  removeOrg,
  removeUser,
  StillNeeded,
} from "../../identity/removal.ts";
import { findUser } from "../../identity/user.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { counted } from "../../counted.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import { checkSafety, type SafetyOptions, withSafety } from "../safety.ts";
import { firstValue, userEmails } from "./members.ts";
import { type RemovalOptions, removeSafely } from "./remove_safely.ts";

type RemoveUserFlags = SafetyOptions & { readonly org?: string };

/** `report users remove`. */
export function removeUserCommand(context: Context): Command {
  const command = newCommand(
    "remove",
    "remove a user; with --org only take them out of an organisation",
    [
      "report users remove analyst@example.com                         asks, then does it",
      "report users remove analyst@example.com --org example --yes",
    ],
  )
    .argument("<email>", "the user's e-mail address")
    .option("-o, --org <orgname>", "the organisation whose events the user is to see no longer");
  return withSafety(command).action((email: string, flags: RemoveUserFlags, self: Command) => {
    const deed = "users remove ends what a user may see";
    const options = { ...flags, checkAsking: () => checkSafety({ ...flags, deed }, self) };
    return flags.org === undefined
      ? removeWholeUser(context, email, options)
      : takeOut(context, { email, from: flags.org }, options);
  });
}

/** `report orgs remove`. */
export function removeOrgCommand(context: Context): Command {
  const command = newCommand("remove", "remove an organisation; its users and its events stay", [
    "report orgs remove example --dry-run     shows who would see its events no longer",
    "report orgs remove example               asks, then does it",
  ])
    .argument("<orgname>", "the organisation: nobody sees its events afterwards");
  return withSafety(command).action((orgname: string, flags: SafetyOptions, self: Command) => {
    const deed = "orgs remove hides the events of an organisation";
    const checkAsking = () => checkSafety({ ...flags, deed }, self);
    return removeWholeOrg(context, orgname, { ...flags, checkAsking });
  });
}

function removeWholeUser(
  context: Context,
  email: string,
  options: RemovalOptions,
): Promise<void> {
  return removeSafely(context, {
    look: (store) =>
      explained(email, async () => {
        const user = await knownUser(store, email);
        const orgs = await orgsOf(store, user._hash);
        checkLeaving(user, orgs);
        return { user, orgs };
      }),
    remove: (store, { user }) => removeUser(store, user),
    toJson: ({ user, orgs }) => ({ email, hash: user._hash, orgs: orgs.map(orgname) }),
    before: ({ orgs }) =>
      `User ${email} would be removed, and see no events any more; now ${eventsOf(orgs)}`,
    after: () =>
      `User ${email} is removed, and can ask nothing any more. ` +
      "Reports that were made for them stay in the report database",
  }, options);
}

function takeOut(
  context: Context,
  { email, from }: { readonly email: string; readonly from: string },
  options: RemovalOptions,
): Promise<void> {
  return removeSafely(context, {
    look: (store) =>
      explained(email, async () => {
        const user = await knownUser(store, email);
        const org = await knownOrg(store, from);
        const orgs = await orgsOf(store, user._hash);
        if (!orgs.some(({ _hash }) => _hash === org._hash)) {
          throw new RangeError(
            `Cannot take user ${email} out of ${from}: not a user of it. ` +
              "report users list shows who sees whose events",
          );
        }
        checkLeaving(user, [org]);
        return { user, org, left: orgs.filter(({ _hash }) => _hash !== org._hash) };
      }),
    remove: (store, { user, org }) => leaveOrgs(store, user, [org]),
    toJson: ({ user, left }) => ({ email, hash: user._hash, orgs: left.map(orgname) }),
    before: ({ left }) =>
      `User ${email} would see the events of ${from} no longer; still ${eventsOf(left)}`,
    after: ({ left }) =>
      `User ${email} sees the events of ${from} no longer; still ${eventsOf(left)}`,
  }, options);
}

function removeWholeOrg(context: Context, name: string, options: RemovalOptions): Promise<void> {
  return removeSafely(context, {
    look: (store) => knownOrg(store, name),
    remove: removeOrg,
    toJson: ({ _hash }) => ({ orgname: name, hash: _hash }),
    before: ({ _usr_ref }) =>
      `Organisation ${name} would be removed: ${counted(_usr_ref.length, "user")} would see its ` +
      "events no longer. They stay in the archive",
    after: ({ _hash }) =>
      `Organisation ${name} is removed: nobody sees its events any more. They stay in the ` +
      `archive; archive forget --org ${_hash} takes them back`,
  }, options);
}

function orgname(org: Org): string {
  return firstValue(org, "orgname");
}

function eventsOf(orgs: readonly Org[]): string {
  return orgs.length > 0 ? `those of ${orgs.map(orgname).join(", ")}` : "none";
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
  const name = orgname(org);
  const quoted = shellQuoted(name);
  return reason === "only user"
    ? `the only user of ${name} (report orgs remove ${quoted} removes the organisation)`
    : `the only admin of ${name} (report users add you@example.com --org ${quoted} --admin makes another one)`;
}
