import { cbc, ctr } from "@noble/ciphers/aes.js";
import { createCipheriv } from "node:crypto";

/** Bytes of an AES block. */
export const BLOCK_BYTES = 16;
const ZERO_BLOCK = new Uint8Array(BLOCK_BYTES);

// Not WebCrypto: for the few blocks of a small envelope, its switch to another thread costs more than
// the work itself. Deno's node:crypto lacks AES-192, which no known client uses.
const NODE_KEY_BYTES = [16, 32];

/**
 * Encrypts pieces of whole blocks, one after another, with AES-CBC under a zero initialization
 * vector, and returns the last block.
 *
 * @throws {RangeError} when the key does not have 16, 24 or 32 bytes.
 */
export function lastCbcBlock(key: Uint8Array, pieces: Iterable<Uint8Array>): Uint8Array {
  checkKey(key);
  let last: Uint8Array = ZERO_BLOCK;
  if (!NODE_KEY_BYTES.includes(key.length)) {
    for (const piece of pieces) {
      last = cbc(key, last, { disablePadding: true }).encrypt(piece).slice(-BLOCK_BYTES);
    }
    return last;
  }
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, ZERO_BLOCK);
  cipher.setAutoPadding(false);
  for (const piece of pieces) last = cipher.update(piece).subarray(-BLOCK_BYTES);
  // Deno 2.4 keeps the cipher in memory until then.
  cipher.final();
  return last;
}

/**
 * Applies AES-CTR, with the whole block as the counter; its own inverse.
 *
 * @throws {RangeError} when the key does not have 16, 24 or 32 bytes.
 */
export function applyCtr(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array {
  checkKey(key);
  if (!NODE_KEY_BYTES.includes(key.length)) return ctr(key, counter).decrypt(data);
  const cipher = createCipheriv(`aes-${key.length * 8}-ctr`, key, counter);
  const output = cipher.update(data);
  cipher.final();
  return output;
}

function checkKey(key: Uint8Array): void {
  if (![16, 24, 32].includes(key.length)) {
    throw new RangeError(`Cannot use an AES key of ${key.length} bytes: it must have 16, 24 or 32`);
  }
}
