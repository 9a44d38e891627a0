import type { Scalar } from "../../tahoe/value.ts";
import { ipAddress } from "../ip_address.ts";
import { identifier } from "./identifier.ts";

/** A sub-type and its data: an attribute to be. */
export type Named = readonly [subType: string, data: Scalar];

/** The attributes that a MISP value is made of, and the object they belong to, if to one. */
export type Shape = { readonly object?: string; readonly parts: readonly Named[] };

type Part = (value: string) => Named | undefined;

/**
 * MISP attribute types that the graph has a name of its own for. All others keep theirs, see
 * {@link identifier}.
 */
const PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  ["AS", asn],
  ["port", port],
  ["vulnerability", vulnerability],
  ...["ip", "ip-src", "ip-dst"].map((type) => [type, ip] as const),
  ...["domain", "onion-address"].map((type) => [type, lowerCase("domain")] as const),
  ["hostname", lowerCase("hostname")],
  ...["url", "link"].map((type) => [type, named("url")] as const),
  ...[
    "email",
    "email-src",
    "email-dst",
    "email-reply-to",
    "target-email",
    "whois-registrant-email",
    "dns-soa-email",
  ].map((type) => [type, named("email_addr")] as const),
  ["email-subject", named("subject")],
  ["email-body", named("body")],
  ...["filename", "attachment", "email-attachment"].map(
    (type) => [type, named("filename")] as const,
  ),
  ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "imphash", "authentihash"].map(
    (type) => [type, lowerCase(type)] as const,
  ),
  ...["mac-address", "mac-eui-64"].map((type) => [type, lowerCase("mac_addr")] as const),
  ["target-user", named("username")],
  ["value", named("regkey_value")],
]);

/** Composite types that do not show it. */
const ALIASES: ReadonlyMap<string, string> = new Map([["malware-sample", "filename|md5"]]);

/** Objects that the system's other filters make, too: their hashes are equal. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ["ip-src", "src"],
  ["ip-dst", "dst"],
  ["ip-src|port", "src"],
  ["ip-dst|port", "dst"],
  ["email-src", "src"],
  ["email-dst", "dst"],
  ["regkey|value", "registry_key"],
]);

/** Types that say nothing of what the value is: in an object its relation does. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  "boolean",
  "comment",
  "counter",
  "datetime",
  "float",
  "hex",
  "integer",
  "other",
  "text",
]);

/**
 * What a value of a MISP type stands for: `shapeOf("ip-dst|port", "192.0.2.1|443")` is an object
 * `dst` of `ipv4` and `port`. `relation` is what the value is to the MISP object that holds it.
 * Undefined if the value does not fit the type.
 */
export function shapeOf(type: string, value: string, relation = type): Shape | undefined {
  if (PLAIN_TYPES.has(type)) return { parts: [[identifier(relation), value]] };
  const whole = ALIASES.get(type) ?? type;
  const types = whole.split("|");
  const parts = types.length === 1 ? [partOf(type, value)] : composite(types, value);
  const object = types.length === 1 ? OBJECTS.get(type) : objectOf(whole);
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return undefined;
  return { parts, ...(object === undefined ? {} : { object }) };
}

function objectOf(type: string): string {
  if (type.startsWith("filename|")) return "file";
  return OBJECTS.get(type) ?? identifier(type);
}

function composite(types: readonly string[], value: string): readonly (Named | undefined)[] {
  const [first, second, ...more] = types;
  // File names may hold the mark, and so may what a registry key is set to.
  const at = first === "regkey" ? value.indexOf("|") : value.lastIndexOf("|");
  const [before, after] = [value.slice(0, at).trim(), value.slice(at + 1).trim()];
  if (at < 0 || before === "" || after === "" || more.length > 0) return [];
  return [partOf(first!, before), partOf(second!, after)];
}

function partOf(type: string, value: string): Named | undefined {
  const part = PARTS.get(type);
  return part === undefined ? [identifier(type), value] : part(value);
}

function named(subType: string): Part {
  return (value) => [subType, value];
}

function lowerCase(subType: string): Part {
  return (value) => [subType, value.toLowerCase()];
}

function ip(value: string): Named | undefined {
  const address = ipAddress(value);
  return address && [address.subType, address.data];
}

function port(value: string): Named | undefined {
  return /^[0-9]{1,5}$/.test(value) && Number(value) <= 65535 ? ["port", BigInt(value)] : undefined;
}

function asn(value: string): Named | undefined {
  const [, number] = /^(?:AS ?)?([0-9]{1,10})$/i.exec(value) ?? [];
  return number === undefined ? undefined : ["asn", BigInt(number)];
}

function vulnerability(value: string): Named {
  return /^CVE-/i.test(value) ? ["cve", value.toUpperCase()] : ["vulnerability", value];
}
