import { stripPython } from "../../tahoe/canonical.ts";
import type { Scalar, Value } from "../../tahoe/value.ts";
import { ipAddress } from "../ip_address.ts";

/** An attribute or object that may become part of an event. */
export type Draft = AttributeDraft | ObjectDraft;
export type AttributeDraft = { readonly subType: string; readonly data: Scalar };
export type ObjectDraft = { readonly subType: string; readonly parts: readonly Draft[] };

const WHOLE_NUMBERS = new Set(["asn", "pid", "port", "size_in_bytes"]);
/** Their texts mean the same in small letters, and other sources write them so. */
const SMALL_LETTERS = new Set([
  ...["domain", "hostname", "mac_addr"],
  ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "imphash"],
]);
/** What is in too many places to tell one thing from another. */
const COMMON = new Set([
  "mime_type",
  "pid",
  "port",
  "protocol",
  "size_in_bytes",
  "vendor",
  "version",
]);

/**
 * A value as it is to be stored; undefined if it cannot be one of the sub-type: empty, neither text
 * nor whole number, beyond 64 bits, no Unicode, no address where it has to be one.
 */
export function draftAttribute(subType: string, value: Value): AttributeDraft | undefined {
  const isAddress = subType === "ipv4" || subType === "ipv6";
  if (typeof value === "bigint" && !isAddress) {
    return value === BigInt.asIntN(64, value) ? { subType, data: value } : undefined;
  }
  if (typeof value !== "string" || !value.isWellFormed()) return undefined;
  const text = stripPython(value);
  if (isAddress) return ipAddress(text);
  if (WHOLE_NUMBERS.has(subType)) {
    return /^[0-9]{1,18}$/.test(text) ? { subType, data: BigInt(text) } : undefined;
  }
  if (text === "") return undefined;
  return { subType, data: SMALL_LETTERS.has(subType) ? text.toLowerCase() : text };
}

/** Whether it is worth marking as malicious, or finding a thing by. */
export function isDistinctive(sketch: Draft): boolean {
  return "parts" in sketch ? sketch.parts.some(isDistinctive) : !COMMON.has(sketch.subType);
}

/** The attributes in it by which it is found. */
export function distinctiveAttributes(sketch: Draft): readonly AttributeDraft[] {
  if ("parts" in sketch) return sketch.parts.flatMap(distinctiveAttributes);
  return isDistinctive(sketch) ? [sketch] : [];
}

/** What a text takes: characters, and how many of them are doubled when it is put in quotes. */
type Extent = { readonly length: number; readonly doubled: number };

/** Of its hash in the references of an event, in children and descendants. */
const REFERENCES = 150;

/**
 * No less than the characters that the canonical form of an event of these takes, and no less than
 * the bytes of its document. Each level of nesting doubles the backslashes of what is in it.
 */
export function sizeOf(sketches: readonly Draft[]): number {
  return extentOfAll(sketches).length;
}

/** What is part of many things is measured once. */
const extents = new WeakMap<readonly Draft[], Extent>();

function extentOfAll(sketches: readonly Draft[]): Extent {
  const known = extents.get(sketches);
  if (known !== undefined) return known;
  let [length, doubled] = [2, 0];
  for (const sketch of sketches) {
    const list = quoted(bracketed(quoted(extentOf(sketch))));
    length += list.length + sketch.subType.length * 6 + REFERENCES;
    doubled += list.doubled + sketch.subType.length + 2;
  }
  const extent = { length, doubled };
  extents.set(sketches, extent);
  return extent;
}

function extentOf(sketch: Draft): Extent {
  if ("parts" in sketch) return extentOfAll(sketch.parts);
  const text = String(sketch.data);
  const escaped = text.match(/[^ !#-[\]-~]/g)?.length ?? 0;
  return quoted({ length: text.length + 5 * escaped, doubled: 2 * escaped });
}

function quoted({ length, doubled }: Extent): Extent {
  return { length: length + doubled + 2, doubled: 2 * doubled + 2 };
}

function bracketed({ length, doubled }: Extent): Extent {
  return { length: length + 2, doubled };
}
