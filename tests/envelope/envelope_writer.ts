import { encryptGcm } from "../../lib/envelope/gcm.ts";
import type { PublicKey } from "../../lib/envelope/key.ts";
import { joinEnvelope } from "../../lib/envelope/layout.ts";
import type { Mode } from "../../lib/envelope/open.ts";
import { encryptEax } from "./eax_writer.ts";

/** Seals as existing clients do (EAX), or with a session key of any size, even an invalid one. */
export async function writeEnvelope(
  plaintext: Uint8Array,
  { key }: PublicKey,
  { mode = "eax", sessionBytes = 32 }: { mode?: Mode; sessionBytes?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(sessionBytes));
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const wrappedKey = new Uint8Array(await crypto.subtle.encrypt("RSA-OAEP", key, sessionKey));
  // For sizes that AES does not have, encrypt with an unrelated key.
  const aesKey = [16, 24, 32].includes(sessionBytes) ? sessionKey : new Uint8Array(32);
  const sealed = mode === "eax"
    ? encryptEax(plaintext, { key: aesKey, nonce })
    : await encryptGcm(aesKey, nonce, plaintext);
  return joinEnvelope({ wrappedKey, nonce, ...sealed });
}
