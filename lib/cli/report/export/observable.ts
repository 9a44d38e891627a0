import canonicalize from "canonicalize";
import { isIPv4, isIPv6 } from "node:net";
import { v5 } from "uuid";
import type { Attribute } from "../../../tahoe/instance.ts";
import { writeJson } from "../../../tahoe/json.ts";
import type { Scalar } from "../../../tahoe/value.ts";
import { EXTENSION_ID, type StixObject } from "./extension.ts";

/** An observable without its id, which is made of `contributing` alone. */
type Observable = {
  readonly type: string;
  readonly contributing: { readonly [name: string]: unknown };
  readonly further?: { readonly [name: string]: unknown };
};

/** The observable that STIX has for a value; undefined if the value is none of that kind. */
type Reader = (data: Scalar) => Observable | undefined;

/** The namespace of observables' ids (STIX 2.1, section 2.9). */
const NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";

// Stored data has IPv6 addresses under ipv4.
const address = either(value("ipv4-addr", isIPv4), value("ipv6-addr", isIPv6));
const domain = value("domain-name", isDomain);

/** Sub-types that STIX has a type for. All others become a type of our own. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["ipv4", address],
  ["ipv6", address],
  ["ipv4_net", value("ipv4-addr", (text) => isNetwork(text, isIPv4, 32))],
  ["ipv6_net", value("ipv6-addr", (text) => isNetwork(text, isIPv6, 128))],
  ["domain", domain],
  ["hostname", domain],
  ["url", value("url", isUrl)],
  ["email_addr", value("email-addr", isEmailAddress)],
  ["mac_addr", value("mac-addr", (text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text))],
  ["asn", autonomousSystem],
  ["filename", property("file", "name")],
  ["md5", fileHash("MD5", 32)],
  ["sha1", fileHash("SHA-1", 40)],
  ["sha256", fileHash("SHA-256", 64)],
  ["sha512", fileHash("SHA-512", 128)],
  ["username", property("user-account", "account_login")],
  ["subject", property("email-message", "subject", { is_multipart: false })],
  ["body", property("email-message", "body", { is_multipart: false })],
]);

/** What STIX calls an attribute's value; the same value has the same id, whoever writes it. */
export function observable({ sub_type, data }: Attribute): StixObject {
  const whole = typeof data === "string" ? data.toWellFormed() : data;
  const { type, contributing, further } = READERS.get(sub_type)?.(whole) ??
    ownObservable(sub_type, whole);
  const id = `${type}--${v5(canonicalize(contributing)!, NAMESPACE)}`;
  return { type, spec_version: "2.1", id, ...contributing, ...further };
}

/** JSON text in place of values that STIX knows no such numbers of; their type keeps them apart. */
function ownObservable(subType: string, data: Scalar): Observable {
  return {
    type: "x-cybexp-attribute",
    contributing: {
      sub_type: subType,
      data: typeof data === "string" ? data : writeJson(data),
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

function value(type: string, fits: (text: string) => boolean): Reader {
  return (data) =>
    typeof data === "string" && fits(data) ? { type, contributing: { value: data } } : undefined;
}

function property(type: string, name: string, further: Observable["further"] = {}): Reader {
  return (data) =>
    typeof data === "string" && data !== ""
      ? { type, contributing: { [name]: data }, further }
      : undefined;
}

function either(first: Reader, second: Reader): Reader {
  return (data) => first(data) ?? second(data);
}

function fileHash(algorithm: string, digits: number): Reader {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`, "i");
  return (data) =>
    typeof data === "string" && pattern.test(data)
      ? { type: "file", contributing: { hashes: { [algorithm]: data } } }
      : undefined;
}

/** Numbers are stored as numbers and as texts. */
function autonomousSystem(data: Scalar): Observable | undefined {
  const [, digits] = /^(?:AS)?([0-9]{1,10})$/i.exec(typeof data === "number" ? "" : `${data}`) ??
    [];
  const number = Number(digits);
  return number < 2 ** 32 ? { type: "autonomous-system", contributing: { number } } : undefined;
}

function isNetwork(text: string, isAddress: (text: string) => boolean, bits: number): boolean {
  const [, address, prefix] = /^([^/]+)\/([0-9]{1,3})$/.exec(text) ?? [];
  return address !== undefined && isAddress(address) && Number(prefix) <= bits;
}

/** Letters, digits and hyphens (RFC 1034, RFC 5890), and no address. */
function isDomain(text: string): boolean {
  if (text.length > 253 || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return false;
  const labels = URL.parse(`http://${text}/`)?.hostname.split(".") ?? [];
  return /[a-z]/.test(labels.at(-1) ?? "") &&
    labels.every((label) => /^[a-z0-9]/.test(label) && !label.endsWith("-") && label.length <= 63);
}

function isEmailAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);
}

/** RFC 3986: its characters only, and brackets around the host only. */
function isUrl(text: string): boolean {
  if (/[^\w.~:/?#[\]@!$&'()*+,;=%-]|%(?![0-9a-f]{2})|#[^#]*#/i.test(text)) return false;
  const behindHost = text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  return URL.canParse(text) && !/[[\]]/.test(behindHost);
}
