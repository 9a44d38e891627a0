import type { AttributeName } from "../tahoe/attribute.ts";
import { addressNumber, readIpAddress } from "./ip_address.ts";
import { recognise } from "./recognise.ts";

/** Characters of an address, a zone, brackets and a port, at most: it bounds the work on hostile text. */
const MAX_LENGTH = 300;

/**
 * `fe80::1%eth0` without the name of the network interface (RFC 4007), `[2001:db8::1]` without
 * brackets; other text as it stands.
 */
export function withoutZone(text: string): string {
  if (text.length > MAX_LENGTH) return text;
  return text.replace(/^\[?([0-9a-f:]*:[0-9a-f:.]*)(?:%[^\]\s/]+)?\]?$/i, "$1")
    .replace(/^\[([0-9a-f:.]+)%[^\]\s]+\](:[0-9]{1,5})$/i, "[$1]$2")
    .replace(/^([0-9a-f:]*:[0-9a-f:.]*)%[^\s/]+(\/[0-9]{1,3})$/i, "$1$2");
}

/** A number behind the slash that is a port, and no mistyped length of a prefix. */
const SLASH_PORT =
  /^\[?([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)\]?\/(?:[2-9][0-9]{2}|[0-9]{4,5})$/i;
/** A protocol behind the port: `192.0.2.1:443/tcp`. */
const PROTOCOL =
  /^([0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\/(?:tcp|udp|sctp)$/i;

/**
 * An address without the port that firewalls write behind a slash, or with a protocol:
 * `192.0.2.1/4444`, `192.0.2.1:443/tcp`. Other text as it stands.
 */
export function withoutSlashPort(text: string): string {
  if (text.length > MAX_LENGTH) return text;
  return text.replace(SLASH_PORT, "$1").replace(PROTOCOL, "$1");
}

/** An address or network in its normal form; undefined for other text. A port is left out. */
export function readAddress(text: string): AttributeName | undefined {
  const plain = withoutZone(withoutSlashPort(text));
  const { subType = "", data = "" } = readIpAddress(plain) ?? recognise(plain) ?? {};
  return /^ipv[46]/.test(subType) ? { subType, data } : undefined;
}

/**
 * Every attribute under which importers store an address or network. Cowrie's addresses are all
 * `ipv4`, in the spelling of the log; sightings have sub-type and spelling of their sender.
 */
export function addressSpellings({ subType, data }: AttributeName): readonly AttributeName[] {
  const text = String(data);
  if (subType === "ipv4") {
    return [...as(["ipv4", "ip"], [text]), ...as(["ipv4", "ipv6"], mappedSpellings(text))];
  }
  if (subType !== "ipv6") return [{ subType, data }];
  return as(["ipv6", "ipv4", "ip"], ipv6Spellings(text));
}

function as(subTypes: readonly string[], texts: readonly string[]): AttributeName[] {
  return subTypes.flatMap((subType) => texts.map((data) => ({ subType, data })));
}

function mappedSpellings(ipv4: string): readonly string[] {
  const { value } = addressNumber(ipv4);
  const [high, low] = [value >> 16n, value & 0xffffn].map((group) => group.toString(16));
  return [`::ffff:${ipv4}`, `::FFFF:${ipv4}`, `::ffff:${high}:${low}`];
}

/** RFC 5952, then without shortening of zeros, with all four digits, each also in capitals. */
function ipv6Spellings(shortest: string): readonly string[] {
  const { value } = addressNumber(shortest);
  const digits = value.toString(16).padStart(32, "0");
  const groups = digits.match(/.{4}/g)!;
  const full = groups.join(":");
  const plain = groups.map((group) => group.replace(/^0{1,3}/, "")).join(":");
  const texts = [shortest, plain, full];
  return [...new Set([...texts, ...texts.map((text) => text.toUpperCase())])];
}
