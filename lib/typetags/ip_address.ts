import { isIP } from "node:net";

/** An Internet address or network, and the sub-type under which it is stored. */
export type IpAddress = {
  readonly subType: "ipv4" | "ipv6" | "ipv4_net" | "ipv6_net";
  readonly data: string;
};

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Reads an IPv4 or IPv6 address, or a network in CIDR notation (RFC 4632), and gives equal addresses
 * the same spelling: IPv6 as in RFC 5952, a network of one address as that address. Octets with
 * leading zeros are refused, because some systems read them as octal.
 */
export function readIpAddress(text: string): IpAddress | undefined {
  const [, address, prefix] = /^([0-9A-Fa-f.:]{2,45})(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address ?? "");
  if (address === undefined || (version !== 4 && version !== 6)) return undefined;
  const data = version === 4 ? address : shortenIpv6(address);
  if (prefix === undefined || Number(prefix) === BITS[version]) {
    return { subType: `ipv${version}`, data };
  }
  if (Number(prefix) > BITS[version]) return undefined;
  return { subType: `ipv${version}_net`, data: `${data}/${Number(prefix)}` };
}

// The URL standard serialises IPv6 hosts as RFC 5952 recommends.
function shortenIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
