import { readHostName } from "./host_name.ts";

/** A mail address in its normal form, and the other spellings in which it may be stored. */
export type MailSpellings = { readonly normal: string; readonly others: readonly string[] };

/**
 * Spells a mail address in the ways that are usual: next to no server tells capitals from small
 * letters before the `@`, and importers keep them as they came. Undefined if it is not a mail address.
 */
export function mailSpellings(text: string): MailSpellings | undefined {
  const address = text.replace(/^(mailto:[^@?]*)%40/i, "$1@").replace(/^mailto:/i, "")
    .replace(/\?[^@]*$/, "")
    .replace(/^[^<>]*<([^<>]*)>$/, "$1");
  const at = address.lastIndexOf("@");
  const host = readHostName(address.slice(at + 1));
  if (at < 1 || host === undefined || /[\s,;]/.test(address)) return undefined;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1).toLowerCase();
  const labels = domain.split(".");
  const domains = [
    host.data,
    domain,
    labels.map((label, index) => index + 1 < labels.length ? capitalised(label) : label).join("."),
    capitalised(domain),
    domain.toUpperCase(),
  ];
  const locals = [local, local.toLowerCase(), capitalised(local), local.toUpperCase()];
  return {
    normal: `${local}@${host.data}`,
    others: [
      address,
      ...locals.flatMap((local) => domains.map((each) => `${local}@${each}`)),
    ],
  };
}

/** `ann.lyst` as `Ann.Lyst`. */
function capitalised(text: string): string {
  return text.toLowerCase().replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1));
}
