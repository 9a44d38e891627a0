import { isOneSlipApart } from "../suggest.ts";

/** Sub-types that importers store and people ask for. */
const STORED: readonly string[] = (
  "asn attack_id body cve domain email_addr filename hostname imphash ipv4 ipv4_net ipv6 ipv6_net " +
  "mac_addr md5 name password port sha1 sha256 sha512 shell_command stix_id subject tag url username"
).split(" ");

/** What other tools call the same. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["address", "ipv4 or ipv6"],
  ["as", "asn"],
  ["cidr", "ipv4_net or ipv6_net"],
  ["command", "shell_command"],
  ["email", "email_addr"],
  ["email_address", "email_addr"],
  ["file", "filename"],
  ["file_name", "filename"],
  ["fqdn", "domain"],
  ["hash", "sha256, sha1 or md5"],
  ["host", "hostname or domain"],
  ["ip_addr", "ipv4 or ipv6"],
  ["ip_address", "ipv4 or ipv6"],
  ["ipaddr", "ipv4 or ipv6"],
  ["ipv4addr", "ipv4"],
  ["ipv6addr", "ipv6"],
  ["mail", "email_addr"],
  ["uri", "url"],
  ["user", "username"],
]);

/** A sub-type as importers spell it: `IPV4` is `ipv4`. One that is not usual stays as it is. */
export function usualSubType(subType: string): string {
  const name = subType.toLowerCase();
  return STORED.includes(name) || name === "ip" ? name : subType;
}

/** The sub-type that somebody may have meant by one that is not usual; undefined if none is near. */
export function suggestSubType(subType: string): string | undefined {
  if (STORED.includes(subType)) return undefined;
  const name = subType.toLowerCase();
  if (STORED.includes(name)) return name;
  return OTHER_NAMES.get(name) ?? STORED.find((stored) => isOneSlipApart(name, stored));
}
