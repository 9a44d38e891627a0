import { Buffer } from "node:buffer";
import type { Hash } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";

/**
 * What a hash is kept as: its 32 bytes, half of its text. References in existing installations may
 * be any text; those keep their characters.
 */
export function keyOf(hash: Hash): Uint8Array {
  return /^[0-9a-f]{64}$/.test(hash) ? Buffer.from(hash, "hex") : Buffer.from(`#${hash}`);
}

/** The keys of many hashes, for `SELECT unhex(value) FROM json_each(?)`. */
export function keyList(hashes: readonly Hash[]): string {
  return JSON.stringify(hashes.map((hash) => Buffer.from(keyOf(hash)).toString("hex")));
}

/** Orgids as they are kept, JSON strings, for `SELECT value FROM json_each(?)`. */
export function orgidList(orgids: readonly string[]): string {
  return JSON.stringify(orgids.map(quote));
}
