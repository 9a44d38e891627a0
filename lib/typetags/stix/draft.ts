import { readAsNumber } from "../../indicators/as_number.ts";
import { stripPythonSpace } from "../../tahoe/canonical.ts";
import type { Scalar, Value } from "../../tahoe/value.ts";
import { plainValue, readAddressValue, readNameValue } from "../name_value.ts";

/** An attribute or object that may become part of an event. */
export type Draft = AttributeDraft | ObjectDraft;
export type AttributeDraft = { readonly subType: string; readonly data: Scalar };
export type ObjectDraft = { readonly subType: string; readonly parts: readonly Draft[] };

const INTEGER_SUB_TYPES = new Set(["pid", "port", "size_in_bytes"]);

/** Sub-types of host names: which of the two, their number of labels decides. */
const HOST_SUB_TYPES = new Set(["domain", "hostname"]);

/** Sub-types whose values do not depend on case, as those of hashes; others write them in lower case. */
const LOWER_CASE_SUB_TYPES: ReadonlySet<string> = new Set(["domain", "hostname", "mac_addr"]);

/** Hashes of hex digits: strings, even if they look like numbers. */
const HASH_SUB_TYPES: ReadonlySet<string> = new Set([
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
  "sha3_224",
  "sha3_256",
  "sha3_384",
  "sha3_512",
  "imphash",
  "authentihash",
]);

/** Sub-types whose values some sources defang. */
const DEFANGED_SUB_TYPES: ReadonlySet<string> = new Set(["url", "email_addr"]);

/** Sub-types whose values occur in too many places to tell one thing from another. */
const COMMON_SUB_TYPES = new Set([
  "mime_type",
  "pid",
  "port",
  "protocol",
  "size_in_bytes",
  "vendor",
  "version",
]);

/**
 * Normalises a value for storage. Undefined if the sub-type cannot have it: it is empty, neither a
 * string nor a whole number, beyond 64 bits, not well-formed Unicode, or not an address where one is
 * required.
 */
export function draftAttribute(subType: string, value: Value): AttributeDraft | undefined {
  const isAddress = subType === "ipv4" || subType === "ipv6";
  if (typeof value === "bigint" && !isAddress && !HASH_SUB_TYPES.has(subType)) {
    return value === BigInt.asIntN(64, value) ? { subType, data: value } : undefined;
  }
  if (typeof value !== "string" || !value.isWellFormed()) return undefined;
  const stripped = stripPythonSpace(value);
  if (isAddress) return readAddressValue(stripped);
  if (subType === "asn") {
    const number = readAsNumber(stripped);
    return number === undefined ? undefined : { subType, data: number };
  }
  if (INTEGER_SUB_TYPES.has(subType)) {
    return /^[0-9]{1,18}$/.test(stripped) ? { subType, data: BigInt(stripped) } : undefined;
  }
  if (stripped === "") return undefined;
  const host = HOST_SUB_TYPES.has(subType)
    ? readNameValue(stripped) ?? readAddressValue(stripped)
    : undefined;
  if (host !== undefined) return host;
  if (DEFANGED_SUB_TYPES.has(subType)) return { subType, data: plainValue(subType, stripped) };
  const isLowerCase = LOWER_CASE_SUB_TYPES.has(subType) || HASH_SUB_TYPES.has(subType);
  return { subType, data: isLowerCase ? stripped.toLowerCase() : stripped };
}

/** Tells whether a draft identifies something, so that it is worth marking and searching for. */
export function isDistinctive(draft: Draft): boolean {
  return "parts" in draft ? draft.parts.some(isDistinctive) : !COMMON_SUB_TYPES.has(draft.subType);
}

/** The distinctive attributes in a draft, at any depth. */
export function distinctiveAttributes(draft: Draft): readonly AttributeDraft[] {
  if ("parts" in draft) return draft.parts.flatMap(distinctiveAttributes);
  return isDistinctive(draft) ? [draft] : [];
}
