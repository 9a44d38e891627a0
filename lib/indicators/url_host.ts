import { readHostName } from "./host_name.ts";
import { readIpAddress } from "./ip_address.ts";

/** The host of a URL, as the attribute under which it is stored. */
export type UrlHost = { readonly subType: "domain" | "ipv4" | "ipv6"; readonly data: string };

/**
 * The host that a URL, with or without a scheme, names: a domain name or an IP address. Undefined if
 * it names none, or a name of one label, which is another host in every network.
 */
export function urlHost(url: string): UrlHost | undefined {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*:)?(?:\/\/)?(.*)$/is.exec(url) ?? [];
  // A URL without a scheme is one of http, and unknown schemes get their host read by its rules.
  const isWeb = /^(?:https?|ftp|wss?):$/i.test(scheme);
  const hasScheme = scheme !== "" && url.slice(scheme.length).startsWith("//");
  const text = hasScheme ? `${isWeb ? scheme : "http:"}//${rest}` : `http://${url}`;
  if (!URL.canParse(text)) return undefined;
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, "$1");
  const address = readIpAddress(host);
  if (address?.subType === "ipv4" || address?.subType === "ipv6") {
    return { subType: address.subType, data: address.data };
  }
  const name = readHostName(host);
  return name?.subType === "domain" ? { subType: name.subType, data: name.data } : undefined;
}
