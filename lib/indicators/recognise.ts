import { readIpAddress } from "./ip_address.ts";
import { readDomain } from "./domain.ts";

/** Something to look for, as an attribute, and the port at which it was seen. */
export type Indicator = {
  readonly subType: string;
  readonly data: string;
  readonly port?: bigint;
};

/** In characters; longer words are ignored. Real feeds contain phishing URLs of 10,000 characters. */
export const MAX_INDICATOR_LENGTH = 65_536;

/**
 * Length from which a word without dot or colon can be an indicator: a hash or CVE id. Most words of
 * a text are shorter and need no closer look.
 */
const MIN_UNPUNCTUATED_LENGTH = "CVE-2021-1234".length;

const HASH_TYPES: ReadonlyMap<number, string> = new Map([
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
 * Recognises a word: an IP address or network, a hash, a CVE id, a URL with or without scheme, a mail
 * address or a domain (also as `*.example.com`); addresses and domains also with a port. Undefined
 * for any other word. `isCertain` says that what could be a domain or a file is a domain.
 */
export function recognise(text: string, isCertain = false): Indicator | undefined {
  if (text.length > MAX_INDICATOR_LENGTH) return undefined;
  if (text.length < MIN_UNPUNCTUATED_LENGTH && !/[.:]/.test(text)) return undefined;
  return recogniseHost(text, isCertain) ?? recogniseHash(text) ?? recogniseCve(text) ??
    recogniseUrl(text, isCertain) ?? recogniseMailAddress(text) ?? recogniseHostAndPort(text);
}

function recogniseHost(text: string, isCertain: boolean): Indicator | undefined {
  const address = readIpAddress(text);
  if (address !== undefined) return address;
  const name = readDomain(text.replace(/^\*?\./, ""), isCertain);
  return name === undefined ? undefined : { subType: "domain", data: name };
}

function recogniseHash(text: string): Indicator | undefined {
  const subType = HASH_TYPES.get(text.length);
  if (subType === undefined || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return { subType, data: text.toLowerCase() };
}

function recogniseCve(text: string): Indicator | undefined {
  return CVE.test(text) ? { subType: "cve", data: text.toUpperCase() } : undefined;
}

// A URL is kept unchanged, so that it has the same hash as the same URL in other feeds.
function recogniseUrl(text: string, isCertain: boolean): Indicator | undefined {
  if (URL_SCHEME.test(text)) {
    return URL.canParse(text) ? { subType: "url", data: text } : undefined;
  }
  const slash = text.indexOf("/");
  // A number alone after the slash is more likely the prefix length of an invalid network.
  if (slash < 0 || /^[0-9]*$/.test(text.slice(slash + 1))) return undefined;
  const host = text.slice(0, slash);
  const indicator = recogniseHost(host, isCertain) ?? recogniseHostAndPort(host);
  return indicator === undefined ? undefined : { subType: "url", data: text };
}

function recogniseMailAddress(text: string): Indicator | undefined {
  const at = text.lastIndexOf("@");
  if (at < 0 || !MAIL_LOCAL_PART.test(text.slice(0, at))) return undefined;
  if (readDomain(text.slice(at + 1), true) === undefined) return undefined;
  return { subType: "email_addr", data: text };
}

/** `192.0.2.1:8080`, `[2001:db8::1]:443`, `example.com:443`. */
function recogniseHostAndPort(text: string): Indicator | undefined {
  const [, bracketed, bare, port] = /^(?:\[([^\]]{1,45})\]|([^:]{1,254})):([0-9]{1,5})$/
    .exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) return undefined;
  const host = recogniseHost(bracketed ?? bare ?? "", true);
  if (host === undefined || host.subType.endsWith("_net")) return undefined;
  return { ...host, port: BigInt(port) };
}
