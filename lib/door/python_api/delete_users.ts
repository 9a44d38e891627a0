import { removeAdmins, removeFromAcl, removeUsers } from "../../identity/membership.ts";
import { isOrg } from "../../identity/org.ts";
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
  unknown: "Invalid org hash!",
  notAdmin: "You are not an admin of this org!",
};

/** The lists from which users are deleted, in this order, and why one cannot be. */
const DELETIONS: { readonly [list: string]: MemberChange } = {
  acl: {
    change: removeFromAcl,
    fault: (org, hash) =>
      org._adm_ref.includes(hash)
        ? `Cannot delete admin from ACL = ${hash}!`
        : !org._acl.includes(hash) && `User is not in ACL = ${hash}!`,
  },
  user: {
    change: removeUsers,
    fault: (org, hash) =>
      org._usr_ref.includes(hash)
        ? org._adm_ref.includes(hash) && `User is admin = ${hash}!`
        : `User is not in org = ${hash}!`,
  },
  admin: {
    change: removeAdmins,
    fault: (org, hash, others) => {
      if (!org._adm_ref.includes(hash)) return `User is not admin = ${hash}!`;
      const left = org._adm_ref.filter((admin) => !others.includes(admin));
      return left.length === 0 && `User is only admin = ${hash}!`;
    },
  },
};

/**
 * POST /org/del/user: deletes users from the lists of an organisation whose admin the user is. Each
 * list is a step of its own, as in the Python API: what was deleted before a fault stays so.
 */
export async function deleteOrgUsers(
  fields: Fields,
  user: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const hash = requiredField(fields, "org_hash");
  const named = requiredField(fields, "user");
  const lists = requiredField(fields, "del_from");
  const { _hash } = await findOwnOrg(hash, user, { identity, messages: MESSAGES });
  const deletions = readDeletions(lists);
  const users = await findUsers(identity, named);
  for (const deletion of deletions) {
    const [org] = await identity.get([_hash]);
    if (!isOrg(org)) throw new Refusal(400, MESSAGES.unknown);
    await changeMembers(identity, deletion, { org, users });
  }
  return reply(201, { message: "User/s successfully deleted!" });
}

function readDeletions(value: Value): readonly MemberChange[] {
  const message = "Invalid 'del_from'!";
  const given = stringList(value, message);
  const names = given.includes("all") ? Object.keys(DELETIONS) : given;
  if (!names.every((name) => Object.hasOwn(DELETIONS, name))) throw new Refusal(400, message);
  return Object.keys(DELETIONS).filter((name) => names.includes(name))
    .map((name) => DELETIONS[name]!);
}
