import type { Command } from "commander";
import { findOrg, orgNames } from "../../identity/org.ts";
import { suggest } from "../../suggest.ts";
import { isHash } from "../../tahoe/hash.ts";
import type { Context } from "../context.ts";
import { shellQuoted } from "../shell_quoted.ts";

/**
 * Finds the orgid for uploads: the hash of the organisation that `--org` names. 64 hex digits are
 * returned as they are, for those who may not read the identities.
 *
 * @throws {CommanderError} with exit code 2 when there is no such organisation: nobody would ever
 * see its events.
 */
export async function resolveOrgid(
  context: Pick<Context, "stores">,
  org: string,
  command: Command,
): Promise<string> {
  if (isHash(org)) return org;
  const { identity } = await context.stores("identity");
  const found = await findOrg(identity, org);
  if (found !== undefined) return found._hash;
  const meant = suggest(org, await orgNames(identity));
  // `users add` refuses an organisation whose name is near to that of another.
  const adding = meant === undefined
    ? `report users add you@example.com --org ${shellQuoted(org)}`
    : `report orgs add ${shellQuoted(org)} --user you@example.com`;
  return command.error(
    `error: there is no organisation ${shellQuoted(org)}, so nobody would see its events. ` +
      (meant === undefined ? "" : `Did you mean ${shellQuoted(meant)}? `) +
      `To add it: ${adding}; to see which there are: report orgs list`,
    { exitCode: 2 },
  );
}
