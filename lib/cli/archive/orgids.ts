import { findOrg } from "../../identity/org.ts";
import type { Context } from "../context.ts";

/**
 * Labels that uploads of an organisation may have: its hash, and its name, for uploads that were
 * sent before there was an organisation of that name.
 */
export async function orgidsOf(context: Context, org: string): Promise<readonly string[]> {
  if (/^[0-9a-f]{64}$/.test(org)) return [org];
  const { identity } = await context.stores("identity");
  const found = await findOrg(identity, org);
  return found === undefined ? [org] : [found._hash, org];
}
