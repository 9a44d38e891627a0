import { ipAddress } from "../ip_address.ts";
import { domainName } from "./domain.ts";

/** Something to look for, as an attribute, and the port it was seen at. */
export type Indicator = {
  readonly subType: string;
  readonly data: string;
  readonly port?: bigint;
};

/** Longer ones are not looked at. In characters; phishing URLs of 10,000 are in real feeds. */
export const LONGEST = 65_536;

/** All but hashes and CVE ids have a dot or colon: most words of a text need no closer look. */
const SHORTEST_PLAIN = "CVE-2021-1234".length;

const HASHES: ReadonlyMap<number, string> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [56, "sha224"],
  [64, "sha256"],
  [96, "sha384"],
  [128, "sha512"],
]);

const URL_SCHEME = /^(?:https?|ftps?|sftp|wss?|tcp|udp):\/\/[^\s/?#]/i;
const CVE = /^CVE-[0-9]{4}-[0-9]{4,19}$/i;
const MAIL_LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+\/=?^_`{|}~.-]{1,64}$/u;

/**
 * What a text without blanks is: an IP address or network, a hash, a CVE id, a URL with or without
 * scheme, a mail address or a domain, the last also as `*.example.com`, addresses and domains also
 * with a port. Undefined if it is none. `isCertain`: what could be a domain or a file is a domain.
 */
export function recognise(text: string, isCertain = false): Indicator | undefined {
  if (text.length > LONGEST || (text.length < SHORTEST_PLAIN && !/[.:]/.test(text))) {
    return undefined;
  }
  return hostOf(text, isCertain) ?? hashOf(text) ?? cveOf(text) ?? urlOf(text, isCertain) ??
    mailOf(text) ?? servedOf(text);
}

function hostOf(text: string, isCertain: boolean): Indicator | undefined {
  const address = ipAddress(text);
  if (address !== undefined) return address;
  const name = domainName(text.replace(/^\*?\./, ""), isCertain);
  return name === undefined ? undefined : { subType: "domain", data: name };
}

function hashOf(text: string): Indicator | undefined {
  const subType = HASHES.get(text.length);
  if (subType === undefined || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return { subType, data: text.toLowerCase() };
}

function cveOf(text: string): Indicator | undefined {
  return CVE.test(text) ? { subType: "cve", data: text.toUpperCase() } : undefined;
}

// A URL is kept as it stands: that makes it the same as in other feeds.
function urlOf(text: string, isCertain: boolean): Indicator | undefined {
  if (URL_SCHEME.test(text)) {
    return URL.canParse(text) ? { subType: "url", data: text } : undefined;
  }
  const slash = text.indexOf("/");
  // A number alone is rather the prefix of a network that there cannot be.
  if (slash < 0 || /^[0-9]*$/.test(text.slice(slash + 1))) return undefined;
  const host = text.slice(0, slash);
  const served = hostOf(host, isCertain) ?? servedOf(host);
  return served === undefined ? undefined : { subType: "url", data: text };
}

function mailOf(text: string): Indicator | undefined {
  const at = text.lastIndexOf("@");
  if (at < 0 || !MAIL_LOCAL_PART.test(text.slice(0, at))) return undefined;
  if (domainName(text.slice(at + 1), true) === undefined) return undefined;
  return { subType: "email_addr", data: text };
}

/** `192.0.2.1:8080`, `[2001:db8::1]:443`, `example.com:443`. */
function servedOf(text: string): Indicator | undefined {
  const [, bracketed, bare, port] = /^(?:\[([^\]]{1,45})\]|([^:]{1,254})):([0-9]{1,5})$/
    .exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) return undefined;
  const host = hostOf(bracketed ?? bare ?? "", true);
  if (host === undefined || host.subType.endsWith("_net")) return undefined;
  return { ...host, port: BigInt(port) };
}
