import { findOrg } from "../../identity/org.ts";
import { isHash } from "../../tahoe/hash.ts";
import type { Context } from "../context.ts";

/**
 * Labels that uploads of an organisation may have: its hash, and its name, for uploads that were
 * sent before there was an organisation of that name.
 */
export async function orgidsOf(context: Context, org: string): Promise<readonly string[]> {
  if (isHash(org)) return [org];
  const { identity } = await context.stores("identity");
  const found = await findOrg(identity, org);
  return found === undefined ? [org] : [found._hash, org];
}
