/** Lines of the answers that registries of addresses give about a network. */
const REGISTRY =
  /^\s*(?:inet6?num|netname|nic-hdl|mnt-by|NetRange|NetName|OrgId|OrgName|OrgAbuse\w+|admin-c|tech-c|nserver|holder-c):\s/;
/** Lines about those who answer for it: their mail addresses, pages and remarks. */
const CONTACT =
  /^\s*(?:[\w-]*e?-?mail(?:box)?|notify|upd-to|[\w-]+-nfy|\w*Ref|ResourceLink|\w*Comment|remarks|descr|address|person|role):/i;

/** Leaves out whom registries name as those who answer for a network. */
export function withoutContacts(
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly contacts: number } {
  if (!lines.some((line) => REGISTRY.test(line))) return { lines, contacts: 0 };
  const kept = lines.filter((line) => !CONTACT.test(line));
  return { lines: kept, contacts: lines.length - kept.length };
}
