import { Buffer } from "node:buffer";
import type { Hash } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";

/**
 * The key under which a hash is stored: its 32 bytes, half the size of its digits. In existing
 * installations a reference may be any string; the key of one that is not a hash is its characters
 * behind a "#".
 */
export function keyOf(hash: Hash): Uint8Array {
  return toBytes(hash) ?? Buffer.from(`#${hash}`);
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

/** The keys of several hashes, for `SELECT unhex(value) FROM json_each(?)`. */
export function keyList(hashes: readonly Hash[]): string {
  return JSON.stringify(hashes.map((hash) => Buffer.from(keyOf(hash)).toString("hex")));
}

/** Several orgids as they are stored, as JSON strings, for `SELECT value FROM json_each(?)`. */
export function orgidList(orgids: readonly string[]): string {
  return JSON.stringify(orgids.map(quote));
}
