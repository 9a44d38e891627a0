import type { AttributeName } from "../tahoe/attribute.ts";
import { containingNetworks } from "./containing_networks.ts";
import { urlHost } from "./url_host.ts";

/**
 * What contains an attribute in its normal form, the smallest first: the host of a URL, and all
 * networks around that host or around an address or network. None for other attributes.
 */
export function containers(name: AttributeName): readonly AttributeName[] {
  const host = name.subType === "url" ? urlHost(String(name.data)) : undefined;
  return host === undefined ? containingNetworks(name) : [host, ...containingNetworks(host)];
}
