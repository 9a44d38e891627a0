import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";

/** Bytes from which on compression is tried. */
export const LARGE = 512;

/** Higher levels take several times as long, for a tenth less on logs. */
const LEVEL = 3;

/** Compresses bytes. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, { level: LEVEL });
}

/** Puts bytes before those that are compressed already: both together unpack as one. */
export function deflateBefore(bytes: Uint8Array, compressed: Uint8Array): Uint8Array {
  const options = { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH };
  return Buffer.concat([deflateRawSync(bytes, options), compressed]);
}
