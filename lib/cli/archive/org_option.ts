import { findOrg } from "../../identity/org.ts";
import { log } from "../../log.ts";
import type { Context } from "../context.ts";

/**
 * Finds the orgid for uploads: the hash of the organisation that `--org` names. A hash is returned
 * as it is. So is an unknown name, with a warning: reports will not show its events to anyone.
 */
export async function resolveOrgid(context: Context, org: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(org)) return org;
  const { identity } = await context.stores("identity");
  const found = await findOrg(identity, org);
  if (found === undefined) {
    log.warn("Unknown organisation: reports will not show these events to anyone", {
      org,
      advice: `report users add you@example.com --org ${org}`,
    });
  }
  return found?._hash ?? org;
}
