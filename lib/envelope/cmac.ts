import { BLOCK, lastCbcBlock } from "./aes.ts";

/** Bytes chained at once, so that a large message needs no copy as large. */
const PIECE = 64 * 1024;

/** An AES key ready for {@link cmac}, with the two subkeys of RFC 4493, section 2.3. */
export type CmacKey = {
  readonly key: Uint8Array;
  /** For a message of whole blocks. */
  readonly whole: Uint8Array;
  /** For a message whose last block had to be filled up. */
  readonly filled: Uint8Array;
};

/** Makes a key of 16, 24 or 32 bytes ready for {@link cmac}. */
export function cmacKey(key: Uint8Array): CmacKey {
  const whole = double(lastCbcBlock(key, [new Uint8Array(BLOCK)]));
  return { key, whole, filled: double(whole) };
}

/** AES-CMAC (RFC 4493, for any AES key size): the tag of whole blocks and a message behind them. */
export function cmac(key: CmacKey, blocks: Uint8Array, message: Uint8Array): Uint8Array {
  if (message.length === 0 && blocks.length > 0) {
    return cmac(key, blocks.subarray(0, -BLOCK), blocks.subarray(-BLOCK));
  }
  return lastCbcBlock(key.key, pieces(key, blocks, message));
}

function* pieces(key: CmacKey, blocks: Uint8Array, message: Uint8Array): Iterable<Uint8Array> {
  if (blocks.length > 0) yield blocks;
  const lastAt = Math.max(0, Math.ceil(message.length / BLOCK) - 1) * BLOCK;
  for (let at = 0; at < lastAt; at += PIECE) {
    yield message.subarray(at, Math.min(at + PIECE, lastAt));
  }
  yield lastBlock(key, message.subarray(lastAt));
}

function lastBlock({ whole, filled }: CmacKey, rest: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(rest);
  if (rest.length < BLOCK) block[rest.length] = 0x80;
  xorInto(block, rest.length < BLOCK ? filled : whole);
  return block;
}

/** Times x in GF(2^128), without a branch on the secret bit that falls out. */
function double(block: Uint8Array): Uint8Array {
  const doubled = Uint8Array.from(block, (byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  doubled[BLOCK - 1]! ^= 0x87 & -(block[0]! >> 7);
  return doubled;
}

/** Adds a block to another, in place. */
export function xorInto(target: Uint8Array, block: Uint8Array): void {
  for (let i = 0; i < BLOCK; i++) target[i]! ^= block[i]!;
}
