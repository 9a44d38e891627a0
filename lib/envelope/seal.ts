import { encryptGcm } from "./gcm.ts";
import type { PublicKey } from "./key.ts";
import { join, NONCE_BYTES } from "./layout.ts";

/**
 * Seals bytes for the holder of the private key into an envelope of the TAHOE/CYBEX-P contract:
 * AES-256-GCM under a fresh session key. What is not UTF-8 can be sealed, but not opened.
 */
export async function sealEnvelope(
  plaintext: Uint8Array,
  { key }: PublicKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(32));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const [wrappedKey, sealed] = await Promise.all([
    crypto.subtle.encrypt("RSA-OAEP", key, sessionKey),
    encryptGcm(sessionKey, nonce, plaintext),
  ]);
  return join({ wrappedKey: new Uint8Array(wrappedKey), nonce, ...sealed });
}
