import { BLOCK_BYTES, lastCbcBlock } from "./aes.ts";

/** Bytes encrypted at once, so that a large message needs no copy of its size. */
const PIECE_BYTES = 64 * 1024;

/** An AES key prepared for {@link cmac}, with the two subkeys of RFC 4493, section 2.3. */
export type CmacKey = {
  readonly key: Uint8Array;
  /** Subkey for a message of whole blocks. */
  readonly k1: Uint8Array;
  /** Subkey for a message whose last block had to be padded. */
  readonly k2: Uint8Array;
};

/**
 * Prepares a key for {@link cmac}.
 *
 * @throws {RangeError} when the key does not have 16, 24 or 32 bytes.
 */
export function cmacKey(key: Uint8Array): CmacKey {
  const k1 = double(lastCbcBlock(key, [new Uint8Array(BLOCK_BYTES)]));
  return { key, k1, k2: double(k1) };
}

/** AES-CMAC (RFC 4493, for any AES key size) of whole blocks followed by a message. */
export function cmac(key: CmacKey, blocks: Uint8Array, message: Uint8Array): Uint8Array {
  if (message.length === 0 && blocks.length > 0) {
    return cmac(key, blocks.subarray(0, -BLOCK_BYTES), blocks.subarray(-BLOCK_BYTES));
  }
  return lastCbcBlock(key.key, pieces(key, blocks, message));
}

function* pieces(key: CmacKey, blocks: Uint8Array, message: Uint8Array): Iterable<Uint8Array> {
  if (blocks.length > 0) yield blocks;
  const lastAt = Math.max(0, Math.ceil(message.length / BLOCK_BYTES) - 1) * BLOCK_BYTES;
  for (let at = 0; at < lastAt; at += PIECE_BYTES) {
    yield message.subarray(at, Math.min(at + PIECE_BYTES, lastAt));
  }
  yield lastBlock(key, message.subarray(lastAt));
}

function lastBlock({ k1, k2 }: CmacKey, rest: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(rest);
  if (rest.length < BLOCK_BYTES) block[rest.length] = 0x80;
  xorInto(block, rest.length < BLOCK_BYTES ? k2 : k1);
  return block;
}

/** Multiplies by x in GF(2^128), without a branch on the secret bit that is shifted out. */
function double(block: Uint8Array): Uint8Array {
  const doubled = Uint8Array.from(block, (byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  doubled[BLOCK_BYTES - 1]! ^= 0x87 & -(block[0]! >> 7);
  return doubled;
}

/** XORs a block into another one, in place. */
export function xorInto(target: Uint8Array, block: Uint8Array): void {
  for (let i = 0; i < BLOCK_BYTES; i++) target[i]! ^= block[i]!;
}
