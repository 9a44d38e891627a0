import { timingSafeEqual } from "node:crypto";
import { applyCtr, BLOCK } from "./aes.ts";
import { cmac, type CmacKey, cmacKey, xorInto } from "./cmac.ts";

/**
 * Decrypts AES-EAX (Bellare, Rogaway, Wagner: The EAX Mode of Operation, 2004) with a tag of 16
 * bytes; undefined if the tag does not fit. Keys have 16, 24 or 32 bytes, nonces any number.
 */
export function decryptEax(
  { key, nonce, tag, ciphertext, header = new Uint8Array() }: {
    key: Uint8Array;
    nonce: Uint8Array;
    tag: Uint8Array;
    ciphertext: Uint8Array;
    /** Authenticated, not encrypted. */
    header?: Uint8Array;
  },
): Uint8Array | undefined {
  const macKey = cmacKey(key);
  const counter = omac(macKey, 0, nonce);
  const expected = omac(macKey, 2, ciphertext);
  xorInto(expected, counter);
  xorInto(expected, omac(macKey, 1, header));
  if (tag.length !== BLOCK || !timingSafeEqual(expected, tag)) return undefined;
  return applyCtr(key, counter, ciphertext);
}

/** CMAC behind a block that holds a number: a function of its own for each thing EAX authenticates. */
function omac(key: CmacKey, tweak: number, message: Uint8Array): Uint8Array {
  const tweakBlock = new Uint8Array(BLOCK);
  tweakBlock[BLOCK - 1] = tweak;
  return cmac(key, tweakBlock, message);
}
