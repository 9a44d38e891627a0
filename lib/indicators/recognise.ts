import { type Certainty, readDomain } from "./domain.ts";
import { readNamedHash } from "./hash_name.ts";
import { readIpAddress } from "./ip_address.ts";

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

/** Schemes of which any host is one, such as `http://intranet/`. */
const COMMON_SCHEME = /^(?:https?|ftps?|sftp|wss?|tcp|udp):\/\/[^\s/?#]/i;
const ANY_SCHEME = /^[a-z][a-z0-9+.-]{0,30}:\/\/(?:[^\s/?#@]*@)?(\[[^\]\s]*\]|[^\s/?#:@]+)/i;
const CVE = /^CVE-[0-9]{4}-[0-9]{4,19}$/i;
const MAIL_LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+\/=?^_`{|}~.-]{1,64}$/u;

/**
 * Recognises a word: an IP address or network, a hash, a CVE id, a URL with or without scheme, a mail
 * address or a domain (also as `*.example.com`); addresses and domains also with a port. Undefined
 * for any other word. `certainty` says whether what could be a domain is one.
 */
export function recognise(text: string, certainty: Certainty = false): Indicator | undefined {
  if (text.length > MAX_INDICATOR_LENGTH) return undefined;
  if (text.length < MIN_UNPUNCTUATED_LENGTH && !/[.:。．｡]/.test(text)) return undefined;
  return recogniseHost(text, certainty) ?? readNamedHash("any", text) ?? recogniseCve(text) ??
    recogniseUrl(text, certainty) ?? recogniseMailAddress(text) ??
    recogniseHostAndPort(text, certainty);
}

function recogniseHost(text: string, certainty: Certainty): Indicator | undefined {
  // deno-lint-ignore no-control-regex -- full-width digits become those of ASCII
  const plain = /^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFKC").replaceAll("。", ".");
  const address = readIpAddress(plain);
  if (address !== undefined) return address;
  // `*.example.com/`: also what is below the name, in lists of firewalls.
  const name = readDomain(text.replace(/^\*?\.(.+?)\/?$/, "$1"), certainty);
  return name === undefined ? undefined : { subType: "domain", data: name };
}

function recogniseCve(text: string): Indicator | undefined {
  return CVE.test(text) ? { subType: "cve", data: text.toUpperCase() } : undefined;
}

// A URL is kept unchanged, so that it has the same hash as the same URL in other feeds.
function recogniseUrl(text: string, certainty: Certainty): Indicator | undefined {
  const [, host] = ANY_SCHEME.exec(text) ?? [];
  if (host !== undefined) {
    const isUrl = COMMON_SCHEME.test(text)
      ? URL.canParse(text)
      : recogniseHost(host.replace(/^\[(.*)\]$/, "$1"), "any") !== undefined;
    return isUrl ? { subType: "url", data: text } : undefined;
  }
  if (text.includes("://")) return undefined;
  return recogniseUrlWithoutScheme(text, certainty);
}

/** `example.com/`, `example.com:8080/a`, `192.0.2.1?id=1`. */
function recogniseUrlWithoutScheme(text: string, certainty: Certainty): Indicator | undefined {
  const end = text.search(/[/?](?!$)|\/$/);
  if (end < 0) return undefined;
  const host = text.slice(0, end);
  // `.example.com/ads`, `*.example.com/a`: patterns.
  if (/^\*?\./.test(host)) return undefined;
  const indicator = recogniseHost(host, certainty) ?? recogniseHostAndPort(host, certainty);
  if (indicator === undefined) return undefined;
  const isAddress = indicator.subType !== "domain" && indicator.port === undefined;
  // A number alone after an address is more likely the prefix length of an invalid network.
  if (isAddress && /^\/[0-9]{1,3}\/?$/.test(text.slice(end))) return undefined;
  // The host of a URL has brackets around an IPv6 address.
  if (indicator.subType === "ipv6" && !host.startsWith("[")) return undefined;
  return { subType: "url", data: text };
}

function recogniseMailAddress(text: string): Indicator | undefined {
  const at = text.search(/[@＠](?=[^@＠]*$)/);
  if (at < 0 || !MAIL_LOCAL_PART.test(text.slice(0, at))) return undefined;
  if (readDomain(text.slice(at + 1), true) === undefined) return undefined;
  return { subType: "email_addr", data: text.replace("＠", "@") };
}

/** `192.0.2.1:8080`, `[2001:db8::1]:443`, `example.com:443`. */
function recogniseHostAndPort(text: string, certainty: Certainty): Indicator | undefined {
  const [, bracketed, bare, port] = /^(?:\[([^\]]{1,45})\]|([^:]{1,254})):([0-9]{1,5})$/
    .exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) return undefined;
  const host = recogniseHost(bracketed ?? bare ?? "", certainty === "any" ? "any" : true);
  if (host === undefined || host.subType.endsWith("_net")) return undefined;
  return { ...host, port: BigInt(port) };
}
