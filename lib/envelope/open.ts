import { Buffer } from "node:buffer";
import { Rejected } from "../errors.ts";
import { decryptEax } from "./eax.ts";
import { decryptGcm } from "./gcm.ts";
import type { PrivateKey, PrivateKeys } from "./key.ts";
import { type Regions, splitEnvelope } from "./layout.ts";

/** How the data of an envelope is encrypted. The bytes do not say which: the tag decides. */
export type Mode = "eax" | "gcm";

const DECRYPT = { eax: decryptEax, gcm: decryptGcm };
const OTHER_MODE = { eax: "gcm", gcm: "eax" } as const;

/** Keeps a byte order mark in the text, as the TAHOE/CYBEX-P contract requires. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Opens an envelope of the TAHOE/CYBEX-P contract; `first` is the mode to try before the other.
 * Calls may overlap: RSA, which costs the most, runs on a thread pool.
 *
 * @throws {Rejected} ENVELOPE_REJECTED when the envelope cannot be opened, with the same message for
 * every fault. The reason is its `cause`, for the log: it contains no byte of a key or plaintext.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  key: PrivateKey,
  options: { first?: Mode } = {},
): Promise<string> {
  return decode(await openBytes(bytes, key, options));
}

async function openBytes(
  bytes: Uint8Array,
  key: PrivateKey,
  { first = "eax" }: { first?: Mode } = {},
): Promise<Uint8Array> {
  const regions = splitEnvelope(bytes, key.modulusBytes);
  if (!regions) throw rejection(`${bytes.length} bytes are too few for the key's envelopes`);
  const sessionKey = await unwrap(regions.wrappedKey, key);
  const sealed = { ...regions, key: sessionKey };
  const plaintext = await DECRYPT[first](sealed) ?? await DECRYPT[OTHER_MODE[first]](sealed);
  if (!plaintext) throw rejection("the tag fits neither EAX nor GCM");
  return plaintext;
}

/**
 * Opens an envelope with the first key that fits. The current key comes before the old ones, so an
 * envelope sealed for it costs one RSA decryption, however many keys there are.
 *
 * @throws {Rejected} ENVELOPE_REJECTED when no key opens the envelope; the `cause` lists all reasons.
 */
export async function openWithAny(
  bytes: Uint8Array,
  keys: PrivateKeys,
  options: { first?: Mode } = {},
): Promise<string> {
  return decode(await openBytesWithAny(bytes, keys, options));
}

/**
 * Opens an envelope as {@link openWithAny} does, but does not ask that its plaintext be UTF-8.
 *
 * @throws {Rejected} ENVELOPE_REJECTED when no key opens the envelope; the `cause` lists all reasons.
 */
export async function openBytesWithAny(
  bytes: Uint8Array,
  keys: PrivateKeys,
  options: { first?: Mode } = {},
): Promise<Uint8Array> {
  const causes: Error[] = [];
  for (const key of keys) {
    try {
      return await openBytes(bytes, key, options);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      causes.push(error.cause as Error);
    }
  }
  const [first] = causes;
  if (causes.every((cause) => cause instanceof OtherKey)) throw rejection(first!);
  throw rejection([...new Set(causes.map(({ message }) => message))].join("; "));
}

/**
 * The beginning of the wrapped session key in hex digits, if an error of {@link openWithAny} says that
 * none of the keys unwraps it. No two envelopes have the same, because wrapping is randomised.
 */
export function keyForOthers(error: unknown): string | undefined {
  const cause = error instanceof Rejected ? error.cause : undefined;
  return cause instanceof OtherKey ? cause.wrappedKey : undefined;
}

/** Why an envelope of random bytes or for another key is rejected. */
const DAMAGED_KEY = "the session key is damaged or wrapped for another key";

/** The reason for which an envelope that may be for another key is rejected. */
class OtherKey extends Error {
  readonly wrappedKey: string;

  constructor(wrappedKey: Uint8Array) {
    super(DAMAGED_KEY);
    this.wrappedKey = Buffer.from(wrappedKey.subarray(0, 16)).toString("hex");
  }
}

/** Number of different values: 162 of 256 random bytes on average, below 100 in any text. */
const LEAST_DIFFERENT_BYTES = 100;

/** Tells whether bytes may be a wrapped key, which looks random. */
function looksRandom(bytes: Uint8Array): boolean {
  return new Set(bytes).size >= LEAST_DIFFERENT_BYTES;
}

async function unwrap(
  wrappedKey: Regions["wrappedKey"],
  { key }: PrivateKey,
): Promise<Uint8Array<ArrayBuffer>> {
  let sessionKey: Uint8Array<ArrayBuffer>;
  try {
    sessionKey = new Uint8Array(await crypto.subtle.decrypt("RSA-OAEP", key, wrappedKey));
  } catch (error) {
    // Any other error says nothing about the bytes, and must not get them rejected for good.
    if (!(error instanceof DOMException && error.name === "OperationError")) throw error;
    throw rejection(looksRandom(wrappedKey) ? new OtherKey(wrappedKey) : DAMAGED_KEY);
  }
  if (![16, 24, 32].includes(sessionKey.length)) {
    throw rejection(`the session key has ${sessionKey.length} bytes, not 16, 24 or 32`);
  }
  return sessionKey;
}

function decode(plaintext: Uint8Array): string {
  try {
    return UTF_8.decode(plaintext);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw rejection("the plaintext is not valid UTF-8");
  }
}

function rejection(reason: string | Error): Rejected {
  const message = "Cannot open envelope: it is damaged, sealed for another key, or not an envelope";
  const cause = reason instanceof Error ? reason : new Error(reason);
  return new Rejected("ENVELOPE_REJECTED", message, { cause });
}
