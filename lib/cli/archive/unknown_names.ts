import { findOrg, orgNames } from "../../identity/org.ts";
import { log } from "../../log.ts";
import { suggest } from "../../suggest.ts";
import { isHash } from "../../tahoe/hash.ts";
import { BUILT_IN_TYPETAGS } from "../../typetags/typetags.ts";
import type { Context } from "../context.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { suggestTypetag } from "../../lake/suggest_typetag.ts";

/**
 * Warns of a type or an organisation that nobody knows, where a command found nothing, and makes it
 * fail: otherwise a slip of the pen looks like work that is done.
 */
export async function warnOfUnknownNames(
  context: Context,
  { type, org }: { readonly type?: string | undefined; readonly org?: string | undefined },
): Promise<void> {
  const { archive } = await context.config();
  const known = [...BUILT_IN_TYPETAGS, ...archive.typetags, ...archive.aliases.keys()];
  if (type !== undefined && !known.includes(type)) {
    const meant = suggestTypetag(type, archive);
    warn(context, `The archive does not know the type ${shellQuoted(type)}`, meant);
  }
  if (org === undefined || isHash(org)) return;
  const { identity } = await context.stores("identity");
  if (await findOrg(identity, org) !== undefined) return;
  const meant = suggest(org, await orgNames(identity));
  warn(
    context,
    `There is no organisation ${shellQuoted(org)}. Uploads of one that was removed are found by ` +
      "its hash, 64 hex digits",
    meant,
  );
}

function warn(context: Pick<Context, "fail">, text: string, meant: string | undefined): void {
  log.warn(meant === undefined ? text : `${text}. Did you mean ${shellQuoted(meant)}?`);
  context.fail();
}
