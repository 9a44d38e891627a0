import { cmac, ctr } from "@noble/ciphers/aes.js";

/** Encrypts with AES-EAX as its paper says, on noble's CMAC, which lib/envelope does not use. */
export function encryptEax(
  plaintext: Uint8Array,
  { key, nonce, header = new Uint8Array() }: {
    key: Uint8Array;
    nonce: Uint8Array;
    header?: Uint8Array;
  },
): { ciphertext: Uint8Array<ArrayBuffer>; tag: Uint8Array<ArrayBuffer> } {
  const counter = omac(key, 0, nonce);
  const ciphertext = Uint8Array.from(ctr(key, counter).encrypt(plaintext));
  const headerMac = omac(key, 1, header);
  const dataMac = omac(key, 2, ciphertext);
  const tag = Uint8Array.from(dataMac, (byte, i) => byte ^ counter[i]! ^ headerMac[i]!);
  return { ciphertext, tag };
}

function omac(key: Uint8Array, tweak: number, message: Uint8Array): Uint8Array {
  const tweakedMessage = new Uint8Array(16 + message.length);
  tweakedMessage[15] = tweak;
  tweakedMessage.set(message, 16);
  return cmac(tweakedMessage, key);
}
