import { release } from "../release.ts";
import { encryptGcm } from "./gcm.ts";
import type { PublicKey } from "./key.ts";
import { joinEnvelope, NONCE_BYTES } from "./layout.ts";

/**
 * Seals bytes for the owner of the private key in an envelope of the TAHOE/CYBEX-P contract, with
 * AES-256-GCM and a fresh session key. Bytes that are not UTF-8 can be sealed, but not opened.
 * `onEncrypted` is called as soon as the plaintext is not needed any more.
 */
export async function sealEnvelope(
  plaintext: Uint8Array,
  { key }: PublicKey,
  onEncrypted: () => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(32));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const [wrappedKey, sealed] = await Promise.all([
    crypto.subtle.encrypt("RSA-OAEP", key, sessionKey),
    encryptGcm(sessionKey, nonce, plaintext),
  ]);
  onEncrypted();
  const envelope = joinEnvelope({ wrappedKey: new Uint8Array(wrappedKey), nonce, ...sealed });
  release(sealed.ciphertext);
  return envelope;
}
