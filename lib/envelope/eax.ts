import { timingSafeEqual } from "node:crypto";
import { applyCtr, BLOCK_BYTES } from "./aes.ts";
import { cmac, type CmacKey, cmacKey, xorInto } from "./cmac.ts";

/**
 * Decrypts AES-EAX (Bellare, Rogaway, Wagner: The EAX Mode of Operation, 2004) with a tag of 16
 * bytes; returns undefined if the tag is wrong. Keys have 16, 24 or 32 bytes, nonces any number.
 */
export function decryptEax(
  { key, nonce, tag, ciphertext, header = new Uint8Array() }: {
    key: Uint8Array;
    nonce: Uint8Array;
    tag: Uint8Array;
    ciphertext: Uint8Array;
    /** Data that is authenticated but not encrypted. */
    header?: Uint8Array;
  },
): Uint8Array | undefined {
  const macKey = cmacKey(key);
  const counter = omac(macKey, 0, nonce);
  const expected = omac(macKey, 2, ciphertext);
  xorInto(expected, counter);
  xorInto(expected, omac(macKey, 1, header));
  if (tag.length !== BLOCK_BYTES || !timingSafeEqual(expected, tag)) return undefined;
  return applyCtr(key, counter, ciphertext);
}

/** CMAC after a block with a number, which makes it a different function for each input of EAX. */
function omac(key: CmacKey, tweak: number, message: Uint8Array): Uint8Array {
  const tweakBlock = new Uint8Array(BLOCK_BYTES);
  tweakBlock[BLOCK_BYTES - 1] = tweak;
  return cmac(key, tweakBlock, message);
}
