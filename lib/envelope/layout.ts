/** Bytes of an envelope's nonce. */
export const NONCE_BYTES = 16;
const TAG_BYTES = 16;

/** The regions of an envelope, in the order of the TAHOE/CYBEX-P contract. */
export type Regions = {
  /** The session key, wrapped with RSA-OAEP: as long as the key's modulus. */
  readonly wrappedKey: Uint8Array<ArrayBuffer>;
  /** Random bytes, 16. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** Authentication tag, 16 bytes. */
  readonly tag: Uint8Array<ArrayBuffer>;
  /** The encrypted data; may be empty. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
};

/**
 * Splits an envelope for a key of `modulusBytes` into copies of its regions; returns undefined if it
 * is too short.
 */
export function splitEnvelope(bytes: Uint8Array, modulusBytes: number): Regions | undefined {
  const tagAt = modulusBytes + NONCE_BYTES;
  const ciphertextAt = tagAt + TAG_BYTES;
  if (bytes.length < ciphertextAt) return undefined;
  return {
    wrappedKey: bytes.slice(0, modulusBytes),
    nonce: bytes.slice(modulusBytes, tagAt),
    tag: bytes.slice(tagAt, ciphertextAt),
    ciphertext: bytes.slice(ciphertextAt),
  };
}

/** Joins the regions of an envelope, the inverse of {@link splitEnvelope}. */
export function joinEnvelope(
  { wrappedKey, nonce, tag, ciphertext }: Regions,
): Uint8Array<ArrayBuffer> {
  const tagAt = wrappedKey.length + NONCE_BYTES;
  const bytes = new Uint8Array(tagAt + TAG_BYTES + ciphertext.length);
  bytes.set(wrappedKey);
  bytes.set(nonce, wrappedKey.length);
  bytes.set(tag, tagAt);
  bytes.set(ciphertext, tagAt + TAG_BYTES);
  return bytes;
}
