import { joinedHash } from "./grouped_hash.ts";
import { namedHash, readNamedHash } from "./hash_name.ts";

/** What people write before a value, in small letters without blanks and marks. */
const LABELS: ReadonlyMap<string, string> = new Map(
  ([
    [
      "ip",
      "ip ipaddr ipaddress address ips srcip sourceip dstip destip destinationip remoteip clientip",
    ],
    ["ipv4", "ipv4 ip4 ipv4addr ipv4address"],
    ["ipv6", "ipv6 ip6 ipv6addr ipv6address"],
    ["domain", "domain domainname fqdn"],
    ["hostname", "host hostname"],
    ["url", "url uri link"],
    ["email_addr", "email mail emailaddr emailaddress mailaddress from sender"],
    ["asn", "as asn"],
    ["cve", "cveid vulnerability"],
    ["mac_addr", "mac macaddr macaddress"],
    ["port", "port tcpport udpport"],
  ] as const).flatMap(([subType, names]) => names.split(" ").map((name) => [name, subType])),
);

/** A value with the sub-type that a label before it names. */
export type Labelled = { readonly subType: string; readonly text: string };

const LABELLED = /^([a-z][a-z0-9 _-]{0,19}?)\s{0,3}[:=]\s{0,3}(?!\/\/)(\S.*)$/is;
/** Before a hash, a blank or hyphen is enough: `SHA-1 da39a3…`. */
const HASH_BEHIND_BLANK = /^([a-z][a-z0-9_-]{0,19}?)(?: {1,3}|-)([0-9a-f]{32,128})$/i;

/**
 * Reads a label before a value: `SHA-256: …`, `md5=…`, `IP address: 192.0.2.1`. Undefined if there is
 * none, or it names no sub-type that such a value can have.
 */
export function readLabel(text: string): Labelled | undefined {
  const [, label, rest] = LABELLED.exec(text) ?? HASH_BEHIND_BLANK.exec(text) ?? [];
  if (label === undefined || rest === undefined) return undefined;
  const kind = namedHash(label);
  if (kind !== undefined && kind !== "other") {
    const hash = readNamedHash(kind, joinedHash(rest.replace(/^(["'`])(.*)\1$/, "$2")));
    return hash && { subType: hash.subType, text: rest };
  }
  const subType = LABELS.get(label.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
  return subType === undefined ? undefined : { subType, text: rest };
}
