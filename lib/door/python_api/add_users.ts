import { addAdmins, addToAcl, addUsers } from "../../identity/membership.ts";
import type { Org } from "../../identity/org.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { findOwnOrg } from "./known_org.ts";
import { findUsers } from "./known_users.ts";
import type { IdentityOptions } from "./members.ts";
import { changeMembers, type MemberChange } from "./member_change.ts";
import { requiredField, stringList } from "./missing_field.ts";

const MESSAGES = {
  unknown: "Invalid org hash.",
  notAdmin: "You are not an admin of this org.",
};

/** The lists to which users are added, and why one cannot be. */
const ADDITIONS: { readonly [list: string]: MemberChange } = {
  admin: {
    change: addAdmins,
    fault: (org, hash) => org._adm_ref.includes(hash) && `User is already admin = ${hash}!`,
  },
  user: {
    change: addUsers,
    fault: (org, hash) => org._usr_ref.includes(hash) && `User already in Org = ${hash}!`,
  },
  acl: {
    change: addToAcl,
    fault: (org, hash) => org._acl.includes(hash) && `User already in ACL = ${hash}!`,
  },
};

/** POST /org/add/user: adds users to an organisation whose admin the user is. */
export async function addOrgUsers(
  fields: Fields,
  user: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const hash = requiredField(fields, "org_hash");
  const named = requiredField(fields, "user");
  const lists = requiredField(fields, "add_to");
  const org: Org = await findOwnOrg(hash, user, { identity, messages: MESSAGES });
  const addition = readAddition(lists);
  await changeMembers(identity, addition, { org, users: await findUsers(identity, named) });
  return reply(201, { message: "User/s successfully added!" });
}

/** Admins are users, too, and users are in the list `acl`: the strongest list decides. */
function readAddition(value: Value): MemberChange {
  const message = "Invalid 'add_to'!";
  const names = stringList(value, message);
  const strongest = names.includes("all")
    ? "admin"
    : ["admin", "user", "acl"].find((name) => names.includes(name));
  if (strongest === undefined) throw new Refusal(400, message);
  return ADDITIONS[strongest]!;
}
