import type { AttributeName } from "../tahoe/attribute.ts";
import { containingNetworks } from "./containing_networks.ts";
import { parentDomains } from "./parent_domains.ts";
import { urlHost } from "./url_host.ts";

/**
 * What contains an attribute in its normal form, the smallest first: the host of a URL, the domain of
 * a mail address, the domains above a name, and all networks around an address or network. None for
 * other attributes.
 */
export function containers(name: AttributeName): readonly AttributeName[] {
  const host = hostOf(name);
  if (host !== undefined) return [host, ...containers(host)];
  const isName = name.subType === "domain" || name.subType === "hostname";
  return isName ? parentDomains(String(name.data)) : containingNetworks(name);
}

/** The host of a URL or mail address. */
function hostOf({ subType, data }: AttributeName): AttributeName | undefined {
  if (subType === "url") return urlHost(String(data));
  if (subType !== "email_addr") return undefined;
  const [, domain] = /@([^@<>\s]+)$/.exec(String(data)) ?? [];
  return domain === undefined ? undefined : { subType: "domain", data: domain.toLowerCase() };
}
