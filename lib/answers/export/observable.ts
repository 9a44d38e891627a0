import canonicalize from "canonicalize";
import { isIPv4, isIPv6 } from "node:net";
import { v5 } from "uuid";
import { attribute } from "../../tahoe/attribute.ts";
import type { Attribute, Hash } from "../../tahoe/instance.ts";
import type { Scalar } from "../../tahoe/value.ts";
import { valueText } from "../value_text.ts";
import { EXTENSION_ID, type StixObject } from "./extension.ts";

/** An observable without its id. */
type ObservableDraft = {
  readonly type: string;
  /** Properties from which the id is made. */
  readonly contributing: { readonly [name: string]: unknown };
  /** All other properties. */
  readonly further?: { readonly [name: string]: unknown };
};

/** Converts a value to an observable of one type; returns undefined if it is not of that type. */
type Converter = (data: Scalar) => ObservableDraft | undefined;

/** Namespace of the ids of observables (STIX 2.1, section 2.9). */
const NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";

// Stored data has IPv6 addresses under ipv4, too.
const ADDRESS = firstOf(value("ipv4-addr", isIPv4), value("ipv6-addr", isIPv6));
const DOMAIN = value("domain-name", isDomain);

/** Converters by sub-type. What they do not convert becomes an observable of our own type. */
const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ["ipv4", ADDRESS],
  ["ipv6", ADDRESS],
  ["ipv4_net", value("ipv4-addr", (text) => isNetwork(text, isIPv4, 32))],
  ["ipv6_net", value("ipv6-addr", (text) => isNetwork(text, isIPv6, 128))],
  ["domain", DOMAIN],
  ["hostname", DOMAIN],
  ["url", value("url", isUrl)],
  ["email_addr", value("email-addr", isEmailAddress)],
  ["mac_addr", value("mac-addr", (text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text))],
  ["asn", toAutonomousSystem],
  ["filename", property("file", "name")],
  ["md5", fileHash("MD5", 32)],
  ["sha1", fileHash("SHA-1", 40)],
  ["sha256", fileHash("SHA-256", 64)],
  ["sha512", fileHash("SHA-512", 128)],
  ["username", property("user-account", "account_login")],
  ["subject", property("email-message", "subject", { is_multipart: false })],
  ["body", property("email-message", "body", { is_multipart: false })],
]);

/** Sub-types of which attributes with equal data may be the same observable. */
const RELATED_SUB_TYPES = [["ipv4", "ipv6"], ["domain", "hostname"]];

/** Returns the hashes of all attributes that become the same observable as this one. */
export function attributesOf({ sub_type, data, _hash }: Attribute): Hash[] {
  const subTypes = RELATED_SUB_TYPES.find((group) => group.includes(sub_type));
  if (subTypes === undefined) return [_hash];
  const { id } = observable({ sub_type, data });
  return subTypes.map((subType) => attribute(subType, data))
    .filter((each) => observable(each).id === id)
    .map((each) => each._hash);
}

/** Converts an attribute to an observable. The same value gets the same id from every producer. */
export function observable(
  { sub_type, data }: Pick<Attribute, "sub_type" | "data">,
): StixObject {
  const wellFormed = typeof data === "string" ? data.toWellFormed() : data;
  const { type, contributing, further } = CONVERTERS.get(sub_type)?.(wellFormed) ??
    toOwnType(sub_type, wellFormed);
  const id = `${type}--${v5(canonicalize(contributing)!, NAMESPACE)}`;
  return { type, spec_version: "2.1", id, ...contributing, ...further };
}

/**
 * Converts a value for which STIX has no type. It is written as text, because not all of our
 * numbers exist in STIX; `data_type` distinguishes values of the same text.
 */
function toOwnType(subType: string, data: Scalar): ObservableDraft {
  return {
    type: "x-cybexp-attribute",
    contributing: {
      sub_type: subType,
      data: valueText(data),
      data_type: typeName(data),
    },
    further: { extensions: { [EXTENSION_ID]: { extension_type: "new-sco" } } },
  };
}

function typeName(data: Scalar): string {
  switch (typeof data) {
    case "bigint":
      return "integer";
    case "number":
      return "float";
    case "object":
      return "null";
    default:
      return typeof data;
  }
}

/** Creates the converter to a type that has nothing but a value. */
function value(type: string, fits: (text: string) => boolean): Converter {
  return (data) =>
    typeof data === "string" && fits(data) ? { type, contributing: { value: data } } : undefined;
}

/** Creates the converter to a type that is identified by one property. */
function property(type: string, name: string, further: ObservableDraft["further"] = {}): Converter {
  return (data) =>
    typeof data === "string" && data !== ""
      ? { type, contributing: { [name]: data }, further }
      : undefined;
}

function firstOf(first: Converter, second: Converter): Converter {
  return (data) => first(data) ?? second(data);
}

function fileHash(algorithm: string, digits: number): Converter {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`, "i");
  return (data) =>
    typeof data === "string" && pattern.test(data)
      ? { type: "file", contributing: { hashes: { [algorithm]: data } } }
      : undefined;
}

/** Converts the number of an autonomous system, which is stored as a number or as a string. */
function toAutonomousSystem(data: Scalar): ObservableDraft | undefined {
  const [, digits] = /^(?:AS)?([0-9]{1,10})$/i.exec(typeof data === "number" ? "" : `${data}`) ??
    [];
  const number = Number(digits);
  return number < 2 ** 32 ? { type: "autonomous-system", contributing: { number } } : undefined;
}

function isNetwork(text: string, isAddress: (text: string) => boolean, bits: number): boolean {
  const [, address, prefix] = /^([^/]+)\/([0-9]{1,3})$/.exec(text) ?? [];
  return address !== undefined && isAddress(address) && Number(prefix) <= bits;
}

/** Checks for letters, digits and hyphens (RFC 1034, RFC 5890); addresses are not domains. */
function isDomain(text: string): boolean {
  if (text.length > 253 || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return false;
  const labels = URL.parse(`http://${text}/`)?.hostname.split(".") ?? [];
  return /[a-z]/.test(labels.at(-1) ?? "") &&
    labels.every((label) => /^[a-z0-9]/.test(label) && !label.endsWith("-") && label.length <= 63);
}

function isEmailAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);
}

/** Checks for the characters of RFC 3986, with brackets only around the host. */
function isUrl(text: string): boolean {
  if (/[^\w.~:/?#[\]@!$&'()*+,;=%-]|%(?![0-9a-f]{2})|#[^#]*#/i.test(text)) return false;
  const afterHost = text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  return URL.canParse(text) && !/[[\]]/.test(afterHost);
}
