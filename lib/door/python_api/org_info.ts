import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { keyError } from "../key_error.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { withoutPasswords } from "./documents.ts";
import { findOwnOrg } from "./known_org.ts";
import { usersByHash } from "./known_users.ts";
import type { IdentityOptions } from "./members.ts";
import { stringList } from "./missing_field.ts";

const MESSAGES = {
  unknown: "Invalid Org hash!",
  notAdmin: "You are not an admin of this Org!",
};

/** POST /org/info: the members of an organisation whose admin the user is. */
export async function orgInfo(
  fields: Fields,
  user: TahoeObject,
  { identity }: IdentityOptions,
): Promise<Response> {
  const hash = fields["org_hash"];
  if (hash === undefined) {
    throw new Refusal(400, `Invalid input: ${keyError("org_hash")} 'org_hash'!`);
  }
  const org = await findOwnOrg(hash, user, { identity, messages: MESSAGES });
  const result: Record<string, Value> = {};
  for (const list of readLists(fields["return_type"] ?? "all")) {
    if (list === "acl") result["acl"] = org._acl;
    else result[list] = await membersOf(identity, list === "admin" ? org._adm_ref : org._usr_ref);
  }
  return reply(200, { result, message: "See result." });
}

const LISTS = ["admin", "user", "acl"] as const;

type ListName = typeof LISTS[number];

function readLists(value: Value): readonly ListName[] {
  const names = stringList(value, "Invalid return_type!");
  if (names.includes("all")) return LISTS;
  return names.map((name) => {
    const list = LISTS.find((known) => known === name);
    if (list === undefined) throw new Refusal(400, `Invalid return_type='${name}'`);
    return list;
  });
}

async function membersOf(identity: InstanceStore, hashes: readonly Hash[]): Promise<Value> {
  const users = await usersByHash(identity, hashes);
  return hashes.flatMap((hash) => users.get(hash) ?? []).map(withoutPasswords);
}
