import { readIpAddress } from "../../indicators/ip_address.ts";
import type { Indicator } from "../../indicators/recognise.ts";

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const START = String.raw`(?<![\w.:/@-])`;
const END = String.raw`(?![\w./:?#-])`;

/** `[2001:db8::]/32`: brackets around the address of a network. */
const BRACKETS = new RegExp(
  String.raw`${START}\[([0-9a-f:.]{2,45})\](\/\d{1,3})(?=\/?${END})`,
  "gi",
);

const OCTET = "(?:0|1|3|7|15|31|63|127|255)";
/** `192.0.2.0/0.0.0.255`: a wildcard mask as Cisco writes it, behind a slash. */
const WILDCARD = new RegExp(
  String
    .raw`${START}(${IPV4})\/(0\.(?:0\.0\.${OCTET}|0\.${OCTET}\.255|${OCTET}\.255\.255))\/?${END}`,
  "g",
);
/** `192.0.2.0/24/`, `192.0.2.0/255.255.255.0/`, `2001:db8::/32/`: a slash behind a network. */
const SLASH = new RegExp(
  String
    .raw`${START}((?:${IPV4}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})\/(?:\d{1,3}|255(?:\.\d{1,3}){3}))\/${END}`,
  "gi",
);

/** A text in which networks that are written in an odd way are in the notation of most others. */
export function withPlainNetworks(text: string): string {
  if (!text.includes("/")) return text;
  return text.replaceAll(BRACKETS, "$1$2").replaceAll(SLASH, withoutSlash).replaceAll(
    WILDCARD,
    "$1 $2",
  );
}

/** With host bits it may as well be a URL: `192.0.2.7/24/`. */
function withoutSlash(all: string, network: string): string {
  const [address = "", length = ""] = network.split("/");
  const isNetwork = length.includes(".") ||
    readIpAddress(network)?.data === `${readIpAddress(address)?.data}/${length}`;
  return isNetwork ? network : all;
}

const BRACKETED_URL = /^\[([0-9a-f:.]{2,45})\](?::\d{1,5})?(\/.*)$/i;

/** Reads a URL without a scheme at an IPv6 address: `[2001:db8::1]/path`. */
export function readBracketedUrl(text: string): Indicator | undefined {
  const [, host = "", path = ""] = BRACKETED_URL.exec(text) ?? [];
  // A number alone is more likely the prefix length of an invalid network.
  if (readIpAddress(host)?.subType !== "ipv6" || /^\/\d{1,3}\/?$/.test(path)) return undefined;
  return { subType: "url", data: text };
}
