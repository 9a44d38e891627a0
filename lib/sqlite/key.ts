import { Buffer } from "node:buffer";
import type { Hash } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";

/**
 * What a hash is kept as: its 32 bytes, half of its text. References in existing installations may
 * be any text; those keep their characters.
 */
export function keyOf(hash: Hash): Uint8Array {
  return bytesOf(hash) ?? Buffer.from(`#${hash}`);
}

/** Undefined if it is no hash. (Deno 2.4's Buffer takes five times as long to read it.) */
function bytesOf(hash: Hash): Uint8Array | undefined {
  if (hash.length !== 64) return undefined;
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) {
    const byte = digit(hash.charCodeAt(2 * i)) << 4 | digit(hash.charCodeAt(2 * i + 1));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

/** The value of a lower-case hex digit; -1 of any other character. */
function digit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1;
}

/** The keys of many hashes, for `SELECT unhex(value) FROM json_each(?)`. */
export function keyList(hashes: readonly Hash[]): string {
  return JSON.stringify(hashes.map((hash) => Buffer.from(keyOf(hash)).toString("hex")));
}

/** Orgids as they are kept, JSON strings, for `SELECT value FROM json_each(?)`. */
export function orgidList(orgids: readonly string[]): string {
  return JSON.stringify(orgids.map(quote));
}
