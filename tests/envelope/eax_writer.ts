import { cmac, ctr } from "@noble/ciphers/aes.js";

/** AES-EAX encryption after its paper, on a library that lib/envelope does not use: its oracle. */
export function encryptEax(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  header = new Uint8Array(),
): { ciphertext: Uint8Array<ArrayBuffer>; tag: Uint8Array<ArrayBuffer> } {
  const counter = omac(key, 0, nonce);
  const ciphertext = Uint8Array.from(ctr(key, counter).encrypt(plaintext));
  const headerMac = omac(key, 1, header);
  const dataMac = omac(key, 2, ciphertext);
  const tag = Uint8Array.from(dataMac, (byte, i) => byte ^ counter[i]! ^ headerMac[i]!);
  return { ciphertext, tag };
}

function omac(key: Uint8Array, tweak: number, message: Uint8Array): Uint8Array {
  const tweaked = new Uint8Array(16 + message.length);
  tweaked[15] = tweak;
  tweaked.set(message, 16);
  return cmac(tweaked, key);
}
