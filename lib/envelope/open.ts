import { Rejected } from "../errors.ts";
import { decryptEax } from "./eax.ts";
import { decryptGcm } from "./gcm.ts";
import type { PrivateKey, PrivateKeys } from "./key.ts";
import { type Regions, split } from "./layout.ts";

/** How the data of an envelope is encrypted. Its bytes do not say: the tag decides. */
export type Mode = "eax" | "gcm";

const DECRYPT = { eax: decryptEax, gcm: decryptGcm };
const OTHER = { eax: "gcm", gcm: "eax" } as const;

/** A byte order mark stays in the text, as the TAHOE/CYBEX-P contract wants it. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Opens an envelope of the TAHOE/CYBEX-P contract; `first` is the mode to try before the other.
 * Calls may overlap: RSA, which costs the most, runs on a pool of threads.
 *
 * @throws {Rejected} ENVELOPE_REJECTED, with one and the same message whatever is wrong with the
 * bytes. The reason is its `cause`, for the log: it holds no byte of a key or of the plaintext.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  key: PrivateKey,
  { first = "eax" }: { first?: Mode } = {},
): Promise<string> {
  const regions = split(bytes, key.modulusBytes);
  if (!regions) throw rejected(`${bytes.length} bytes are too few for the key's envelopes`);
  const sessionKey = await unwrap(regions.wrappedKey, key);
  const sealed = { ...regions, key: sessionKey };
  const plaintext = await DECRYPT[first](sealed) ?? await DECRYPT[OTHER[first]](sealed);
  if (!plaintext) throw rejected("the tag fits neither EAX nor GCM");
  return decode(plaintext);
}

/**
 * Opens an envelope with the first of the keys that fits, the current one before the old ones: what
 * is sealed for it costs one RSA decryption, however many there are.
 *
 * @throws {Rejected} as {@link openEnvelope}, if it is refused with every key; the `cause` gives
 * all reasons.
 */
export async function openWithAny(
  bytes: Uint8Array,
  keys: PrivateKeys,
  options: { first?: Mode } = {},
): Promise<string> {
  const reasons = new Set<string>();
  for (const key of keys) {
    try {
      return await openEnvelope(bytes, key, options);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      reasons.add((error.cause as Error).message);
    }
  }
  throw rejected([...reasons].join("; "));
}

async function unwrap(
  wrappedKey: Regions["wrappedKey"],
  { key }: PrivateKey,
): Promise<Uint8Array<ArrayBuffer>> {
  let sessionKey: Uint8Array<ArrayBuffer>;
  try {
    sessionKey = new Uint8Array(await crypto.subtle.decrypt("RSA-OAEP", key, wrappedKey));
  } catch (error) {
    // Anything else is no verdict on the bytes and must not make a caller give them up.
    if (!(error instanceof DOMException && error.name === "OperationError")) throw error;
    throw rejected("the session key is damaged or wrapped for another key");
  }
  if (![16, 24, 32].includes(sessionKey.length)) {
    throw rejected(`the session key has ${sessionKey.length} bytes, not 16, 24 or 32`);
  }
  return sessionKey;
}

function decode(plaintext: Uint8Array): string {
  try {
    return UTF_8.decode(plaintext);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw rejected("the plaintext is not valid UTF-8");
  }
}

function rejected(reason: string): Rejected {
  const message = "Cannot open envelope: it is damaged, sealed for another key, or not an envelope";
  return new Rejected("ENVELOPE_REJECTED", message, { cause: new Error(reason) });
}
