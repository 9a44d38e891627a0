import { readAsNumber } from "../../indicators/as_number.ts";
import { readCve } from "../../indicators/cve.ts";
import type { Scalar } from "../../tahoe/value.ts";
import { plainValue, readAddressValue, readNameValue } from "../name_value.ts";
import { subTypeFor } from "./sub_type.ts";

/** The sub-type and data of an attribute. */
type SubTypeAndData = readonly [subType: string, data: Scalar];

/** The attributes that a MISP value becomes, and the sub-type of the object they form, if any. */
export type ConvertedValue = {
  readonly object?: string;
  readonly parts: readonly SubTypeAndData[];
};

/** Converts a value; undefined if it does not fit the type. */
type Converter = (value: string) => SubTypeAndData | undefined;

/**
 * MISP attribute types for which the graph has a sub-type of its own. All others keep their name,
 * see {@link subTypeFor}.
 */
const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ["AS", convertAsn],
  ["port", convertPort],
  ["vulnerability", convertVulnerability],
  ...["ip", "ip-src", "ip-dst"].map((type) => [type, convertIp] as const),
  ...["domain", "onion-address", "email-src-domain", "email-dst-domain"].map((type) =>
    [type, hostName("domain")] as const
  ),
  ["hostname", hostName("hostname")],
  ...["url", "link"].map((type) => [type, refanged("url")] as const),
  ...[
    "email",
    "email-src",
    "email-dst",
    "email-reply-to",
    "target-email",
    "whois-registrant-email",
    "dns-soa-email",
  ].map((type) => [type, refanged("email_addr")] as const),
  ["email-subject", unchanged("subject")],
  ["email-body", unchanged("body")],
  ...["filename", "attachment", "email-attachment"].map(
    (type) => [type, unchanged("filename")] as const,
  ),
  ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "imphash", "authentihash"].map(
    (type) => [type, lowerCase(type)] as const,
  ),
  ...["mac-address", "mac-eui-64"].map((type) => [type, lowerCase("mac_addr")] as const),
  ["target-user", unchanged("username")],
  ["value", unchanged("regkey_value")],
]);

/** Types that are composite although their name does not show it. */
const ALIASES: ReadonlyMap<string, string> = new Map([["malware-sample", "filename|md5"]]);

/** Objects that other filters make too, so that equal values have equal hashes. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ["ip-src", "src"],
  ["ip-dst", "dst"],
  ["ip-src|port", "src"],
  ["ip-dst|port", "dst"],
  ["email-src", "src"],
  ["email-dst", "dst"],
  ["regkey|value", "registry_key"],
]);

/** Types that do not say what the value is; in an object its relation says so. */
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
 * Converts a value of a MISP type: `convertValue("ip-dst|port", "192.0.2.1|443")` is an object `dst`
 * of `ipv4` and `port`. `relation` says what the value is to the MISP object that it belongs to.
 * Undefined if the value does not fit the type.
 */
export function convertValue(
  type: string,
  value: string,
  relation = type,
): ConvertedValue | undefined {
  if (PLAIN_TYPES.has(type)) return { parts: [[subTypeFor(relation), value]] };
  const fullType = ALIASES.get(type) ?? type;
  const types = fullType.split("|");
  const parts = types.length === 1 ? [convertPart(type, value)] : convertComposite(types, value);
  const object = types.length === 1 ? OBJECTS.get(type) : objectSubType(fullType);
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return undefined;
  return { parts, ...(object !== undefined && { object }) };
}

function objectSubType(compositeType: string): string {
  if (compositeType.startsWith("filename|")) return "file";
  return OBJECTS.get(compositeType) ?? subTypeFor(compositeType);
}

function convertComposite(
  types: readonly string[],
  value: string,
): readonly (SubTypeAndData | undefined)[] {
  const [first, second, ...more] = types;
  // File names may contain the separator, and so may the value of a registry key.
  const at = first === "regkey" ? value.indexOf("|") : value.lastIndexOf("|");
  const [before, after] = [value.slice(0, at).trim(), value.slice(at + 1).trim()];
  // A key without a value, which by the name of its type would be a value.
  if (at < 0 && first === "regkey") return [convertPart(first, value)];
  if (at < 0 || before === "" || after === "" || more.length > 0) return [];
  return [convertPart(first!, before), convertPart(second!, after)];
}

function convertPart(type: string, value: string): SubTypeAndData | undefined {
  const convert = CONVERTERS.get(type);
  return convert === undefined ? [subTypeFor(type), value] : convert(value);
}

function unchanged(subType: string): Converter {
  return (value) => [subType, value];
}

function refanged(subType: string): Converter {
  return (value) => [subType, plainValue(subType, value)];
}

function lowerCase(subType: string): Converter {
  return (value) => [subType, value.toLowerCase()];
}

/**
 * Names of hosts, whatever their type, by their number of labels; addresses as such; other values as
 * they stand.
 */
function hostName(subType: string): Converter {
  return (value) => {
    const host = readNameValue(value) ?? readAddressValue(value);
    return host === undefined ? [subType, value.toLowerCase()] : [host.subType, host.data];
  };
}

function convertIp(value: string): SubTypeAndData | undefined {
  const address = readAddressValue(value);
  return address && [address.subType, address.data];
}

function convertPort(value: string): SubTypeAndData | undefined {
  return /^[0-9]{1,5}$/.test(value) && Number(value) <= 65535 ? ["port", BigInt(value)] : undefined;
}

function convertAsn(value: string): SubTypeAndData | undefined {
  const number = readAsNumber(value);
  return number === undefined ? undefined : ["asn", number];
}

function convertVulnerability(value: string): SubTypeAndData {
  const cve = readCve(value);
  return cve === undefined ? ["vulnerability", value] : ["cve", cve];
}
