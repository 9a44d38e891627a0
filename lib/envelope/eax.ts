import { timingSafeEqual } from "node:crypto";
import { cmac, type CmacKey, importCmacKey, xorInto } from "./cmac.ts";

const BLOCK = 16;

/**
 * Decrypts AES-EAX (Bellare, Rogaway, Wagner: The EAX Mode of Operation, 2004) with a tag of 16
 * bytes; undefined if the tag does not fit. Keys have 16, 24 or 32 bytes, nonces any number.
 *
 * Built on WebCrypto's CBC and CTR, which take AES-192 and run on hardware instructions.
 */
export async function decryptEax(
  { key, nonce, tag, ciphertext, header = new Uint8Array() }: {
    key: Uint8Array<ArrayBuffer>;
    nonce: Uint8Array;
    tag: Uint8Array;
    ciphertext: Uint8Array<ArrayBuffer>;
    /** Authenticated, not encrypted. */
    header?: Uint8Array;
  },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const macKey = await importCmacKey(key);
  const [counter, headerMac, expected] = await Promise.all([
    omac(macKey, 0, nonce),
    omac(macKey, 1, header),
    omac(macKey, 2, ciphertext),
  ]);
  xorInto(expected, counter);
  xorInto(expected, headerMac);
  if (tag.length !== BLOCK || !timingSafeEqual(expected, tag)) return undefined;

  const aes = await crypto.subtle.importKey("raw", key, "AES-CTR", false, ["decrypt"]);
  const algorithm = { name: "AES-CTR", counter, length: 8 * BLOCK };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, aes, ciphertext));
}

/** CMAC behind a block that holds a number: a function of its own for each thing EAX authenticates. */
function omac(key: CmacKey, tweak: number, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const tweakBlock = new Uint8Array(BLOCK);
  tweakBlock[BLOCK - 1] = tweak;
  return cmac(key, tweakBlock, message);
}
