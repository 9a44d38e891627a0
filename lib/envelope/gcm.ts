const ALGORITHM = "AES-GCM";
const TAG_BYTES = 16;

// Not node:crypto: Deno's counter is wrong for some 16-byte nonces (Wycheproof's aes_gcm, tcId 78).

/**
 * Encrypts with AES-GCM (NIST SP 800-38D), without associated data. Keys have 16, 24 or 32 bytes,
 * nonces 12 or 16, the tag 16.
 */
export async function encryptGcm(
  key: Uint8Array<ArrayBuffer>,
  nonce: Uint8Array<ArrayBuffer>,
  plaintext: Uint8Array,
): Promise<{ tag: Uint8Array<ArrayBuffer>; ciphertext: Uint8Array<ArrayBuffer> }> {
  const aes = await crypto.subtle.importKey("raw", key, ALGORITHM, false, ["encrypt"]);
  const algorithm = { name: ALGORITHM, iv: nonce };
  // It makes a copy by itself: one more would be in memory for long.
  const own = plaintext as Uint8Array<ArrayBuffer>;
  const sealed = await crypto.subtle.encrypt(algorithm, aes, own);
  return {
    tag: new Uint8Array(sealed, plaintext.length),
    ciphertext: new Uint8Array(sealed, 0, plaintext.length),
  };
}

/** Decrypts AES-GCM, the inverse of {@link encryptGcm}; returns undefined if the tag is wrong. */
export async function decryptGcm(
  { key, nonce, tag, ciphertext }: {
    key: Uint8Array<ArrayBuffer>;
    nonce: Uint8Array<ArrayBuffer>;
    tag: Uint8Array;
    ciphertext: Uint8Array;
  },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const aes = await crypto.subtle.importKey("raw", key, ALGORITHM, false, ["decrypt"]);
  const sealed = new Uint8Array(ciphertext.length + TAG_BYTES);
  sealed.set(ciphertext);
  sealed.set(tag, ciphertext.length);
  try {
    const plaintext = await crypto.subtle.decrypt({ name: ALGORITHM, iv: nonce }, aes, sealed);
    return new Uint8Array(plaintext);
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}
