import { Buffer } from "node:buffer";
import type { Hash } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";

const HASH_BYTES = 32;
const DOLLAR = 0x24;

/**
 * The key under which a hash is stored: its 32 bytes, half the size of its digits. In existing
 * installations a reference may be any string; the key of one that is not a hash is its characters
 * behind a "#", or behind "$#" if the key would be as long as that of a hash.
 */
export function keyOf(hash: Hash): Uint8Array {
  const bytes = toBytes(hash);
  if (bytes !== undefined) return bytes;
  const key = Buffer.from(`#${hash}`);
  return key.length === HASH_BYTES ? Buffer.from(`$#${hash}`) : key;
}

/** The inverse of {@link keyOf}, but for strings with lone surrogates. */
export function hashOf(key: Uint8Array): Hash {
  const { buffer, byteOffset, length } = key;
  const bytes = Buffer.from(buffer, byteOffset, length);
  if (length === HASH_BYTES) return bytes.toString("hex");
  return bytes.toString().slice(bytes[0] === DOLLAR ? 2 : 1);
}

/** The bytes of a hash; undefined if it is not one. (Deno 2.4's Buffer takes five times longer.) */
function toBytes(hash: Hash): Uint8Array | undefined {
  if (hash.length !== 64) return undefined;
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) {
    const byte = hexDigit(hash.charCodeAt(2 * i)) << 4 | hexDigit(hash.charCodeAt(2 * i + 1));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

/** The value of a lower-case hex digit; -1 for any other character. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1;
}

/**
 * SQL: whether the hash of a row of `instances` has the key that an expression gives. The index holds
 * the ends of the keys only.
 */
export function hasKey(key: string, table = "instances"): string {
  const hash = `${table}.hash`;
  return `substr(${hash}, -6) = substr(${key}, -6) AND ${hash} = ${key}`;
}

/** The keys of several hashes, for `SELECT unhex(value) FROM json_each(?)`. */
export function keyList(hashes: readonly Hash[]): string {
  return JSON.stringify(hashes.map((hash) => Buffer.from(keyOf(hash)).toString("hex")));
}

/** Several orgids as they are stored, as JSON strings, for `SELECT value FROM json_each(?)`. */
export function orgidList(orgids: readonly string[]): string {
  return JSON.stringify(orgids.map(quote));
}
