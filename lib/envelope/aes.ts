import { cbc, ctr } from "@noble/ciphers/aes.js";
import { createCipheriv } from "node:crypto";

export const BLOCK = 16;
const ZERO_BLOCK = new Uint8Array(BLOCK);

// WebCrypto has these modes, too; for the few blocks of a small envelope its way through other
// threads costs more than the work. Deno's node:crypto lacks AES-192, which no known client uses.
const NODE_KEY_BYTES = [16, 32];

/**
 * Encrypts pieces of whole blocks one behind the other with AES-CBC, from a chaining value of
 * zeros, and gives the last block. Throws RangeError unless the key has 16, 24 or 32 bytes.
 */
export function lastCbcBlock(key: Uint8Array, pieces: Iterable<Uint8Array>): Uint8Array {
  checkKey(key);
  let last: Uint8Array = ZERO_BLOCK;
  if (!NODE_KEY_BYTES.includes(key.length)) {
    for (const piece of pieces) {
      last = cbc(key, last, { disablePadding: true }).encrypt(piece).slice(-BLOCK);
    }
    return last;
  }
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, ZERO_BLOCK);
  cipher.setAutoPadding(false);
  for (const piece of pieces) last = cipher.update(piece).subarray(-BLOCK);
  // Deno 2.4 holds the cipher until then.
  cipher.final();
  return last;
}

/** AES-CTR over the whole block as a counter; its own inverse. Throws as above. */
export function applyCtr(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array {
  checkKey(key);
  if (!NODE_KEY_BYTES.includes(key.length)) return ctr(key, counter).decrypt(data);
  const cipher = createCipheriv(`aes-${key.length * 8}-ctr`, key, counter);
  const applied = cipher.update(data);
  cipher.final();
  return applied;
}

function checkKey(key: Uint8Array): void {
  if (![16, 24, 32].includes(key.length)) {
    throw new RangeError(`An AES key has 16, 24 or 32 bytes, not ${key.length}`);
  }
}
