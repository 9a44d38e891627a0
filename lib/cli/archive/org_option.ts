import { findOrg } from "../../identity/org.ts";
import { log } from "../../log.ts";
import type { Context } from "../context.ts";

/**
 * What uploads are labelled with: the hash of the organisation that `--org` names. A hash stays as
 * it is; so does a name nobody knows, but then reports will show the events to nobody.
 */
export async function orgidOf(context: Context, org: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(org)) return org;
  const { identity } = await context.stores("identity");
  const found = await findOrg(identity, org);
  if (found === undefined) {
    log.warn("No organisation of this name: no report will show the events to anybody", {
      org,
      advice: `report users add you@example.com --org ${org}`,
    });
  }
  return found?._hash ?? org;
}
