import { isIP } from "node:net";

/** An Internet address or network, and the sub-type under which it is stored. */
export type IpAddress = {
  readonly subType: "ipv4" | "ipv6" | "ipv4_net" | "ipv6_net";
  readonly data: string;
};

const BITS = { 4: 32, 6: 128 } as const;

/** An IPv4 address among the IPv6 ones (RFC 4291, section 2.5.5.2), as RFC 5952 spells it in hex. */
const MAPPED = /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/;

/**
 * Reads an IPv4 or IPv6 address, or a network in CIDR notation (RFC 4632) or with a mask
 * (`192.0.2.0/255.255.255.0`, or `/0.0.0.255` as Cisco writes it), and gives equal addresses
 * the same spelling: IPv6 as in RFC 5952, a network without host bits (`192.0.2.7/24` is
 * `192.0.2.0/24`), a network of one address as that address, an IPv4 address written as IPv6
 * (`::ffff:192.0.2.1`) as IPv4. Octets with leading zeros are refused,
 * because some systems read them as octal.
 */
export function readIpAddress(text: string): IpAddress | undefined {
  const [, address, prefix] = /^([0-9A-Fa-f.:]{2,45})(?:\/([0-9]{1,3}))?$/.exec(withPrefix(text)) ??
    [];
  const version = isIP(address ?? "");
  if (address === undefined || (version !== 4 && version !== 6)) return undefined;
  const length = prefix === undefined ? BITS[version] : Number(prefix);
  if (length > BITS[version]) return undefined;
  if (length < BITS[version]) {
    return { subType: `ipv${version}_net`, data: `${firstAddress(address, length)}/${length}` };
  }
  if (version === 4) return { subType: "ipv4", data: address };
  const data = shortenIpv6(address);
  const mapped = MAPPED.test(data) ? addressNumber(data).value & 0xffff_ffffn : undefined;
  return mapped === undefined
    ? { subType: "ipv6", data }
    : { subType: "ipv4", data: addressText({ version: 4, value: mapped }) };
}

/** A network with the length of its prefix in place of its mask; other text as it stands. */
function withPrefix(text: string): string {
  const [, address, mask = ""] = /^([0-9.]{7,15})\/((?:255|0)(?:\.[0-9]{1,3}){3})$/.exec(text) ??
    [];
  if (address === undefined || isIP(mask) !== 4) return text;
  const bits = addressNumber(mask).value.toString(2).padStart(32, "0");
  const [, ones, zeros] = /^(?:(1+)0*|(0+)1+)$/.exec(bits) ?? [];
  const prefix = ones ?? zeros;
  return prefix === undefined ? text : `${address}/${prefix.length}`;
}

/** The address with all bits after the prefix set to zero. */
function firstAddress(address: string, length: number): string {
  const { version, value } = addressNumber(address);
  const hostBits = BigInt(BITS[version] - length);
  return addressText({ version, value: value >> hostBits << hostBits });
}

/** An address as a number. */
export type AddressNumber = { readonly version: 4 | 6; readonly value: bigint };

/** The number of an address that `isIP` accepts. */
export function addressNumber(address: string): AddressNumber {
  if (isIP(address) === 4) {
    const value = address.split(".").reduce((sum, octet) => sum << 8n | BigInt(octet), 0n);
    return { version: 4, value };
  }
  const [before = "", after] = shortenIpv6(address).split("::");
  const [first, last] = [before, after ?? ""].map((part) => part === "" ? [] : part.split(":"));
  const zeros = Array.from({ length: 8 - first!.length - last!.length }, () => "0");
  const groups = [...first!, ...zeros, ...last!];
  return {
    version: 6,
    value: groups.reduce((sum, group) => sum << 16n | BigInt(`0x${group}`), 0n),
  };
}

/** The spelling of an address, IPv6 as in RFC 5952. */
export function addressText({ version, value }: AddressNumber): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => value >> shift & 0xffn).join(".");
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => value >> shift & 0xffffn);
  return shortenIpv6(groups.map((group) => group.toString(16)).join(":"));
}

// The URL standard serialises IPv6 hosts as RFC 5952 recommends.
function shortenIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
