const BLOCK = 16;
const ZERO_BLOCK = new Uint8Array(BLOCK);

/** An AES key ready for {@link cmac}, with the two subkeys of RFC 4493, section 2.3. */
export type CmacKey = {
  readonly aes: CryptoKey;
  /** For a message of whole blocks. */
  readonly whole: Uint8Array;
  /** For a message whose last block had to be filled up. */
  readonly filled: Uint8Array;
};

/** Makes a key of 16, 24 or 32 bytes ready for {@link cmac}. */
export async function importCmacKey(key: Uint8Array<ArrayBuffer>): Promise<CmacKey> {
  const aes = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
  const whole = double(await lastBlock(aes, ZERO_BLOCK));
  return { aes, whole, filled: double(whole) };
}

/** AES-CMAC (RFC 4493, for any AES key size): the tag of a message given in parts, 16 bytes. */
export function cmac(key: CmacKey, ...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const blocks = new Uint8Array(BLOCK * Math.max(1, Math.ceil(length / BLOCK)));
  let end = 0;
  for (const part of parts) {
    blocks.set(part, end);
    end += part.length;
  }
  const isWhole = length === blocks.length;
  if (!isWhole) blocks[length] = 0x80;
  xorInto(blocks.subarray(-BLOCK), isWhole ? key.whole : key.filled);
  return lastBlock(key.aes, blocks);
}

/** Last block of the CBC encryption of whole blocks, the first chained to zeros. */
async function lastBlock(
  aes: CryptoKey,
  blocks: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const encrypted = await crypto.subtle.encrypt({ name: "AES-CBC", iv: ZERO_BLOCK }, aes, blocks);
  // WebCrypto always appends a block of padding: ours is the one before it.
  return new Uint8Array(encrypted, blocks.length - BLOCK, BLOCK);
}

/** Times x in GF(2^128), without a branch on the secret bit that falls out. */
function double(block: Uint8Array): Uint8Array {
  const doubled = block.map((byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  const carry = block[0]! >> 7;
  doubled[BLOCK - 1]! ^= 0x87 & -carry;
  return doubled;
}

/** Adds a block to another, in place. */
export function xorInto(target: Uint8Array, block: Uint8Array): void {
  for (const [i, byte] of block.entries()) target[i]! ^= byte;
}
