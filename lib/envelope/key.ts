import { ConfigError } from "../errors.ts";
import { pkcs8FromPkcs1, spkiFromPkcs1 } from "./der.ts";
import { decodePem, encodePem } from "./pem.ts";

/** What existing clients use: OAEP with SHA-1, for the hash and for MGF1. */
const RSA_OAEP = { name: "RSA-OAEP", hash: "SHA-1" };
const MIN_BITS = 2048;
const MAX_BITS = 4096;

type Key = { readonly key: CryptoKey; readonly modulusBytes: number };

/** Opens envelopes; cannot be exported. */
export type PrivateKey = Key;

/** The key that envelopes are sealed for, and keys they may have been sealed for before. */
export type PrivateKeys = readonly [current: PrivateKey, ...old: PrivateKey[]];

/** Seals envelopes. */
export type PublicKey = Key;

type Der = Uint8Array<ArrayBuffer>;

/** By PEM label: what makes of the content the form WebCrypto imports, or why it is refused. */
type Labels = Readonly<Record<string, ((content: Der) => Der) | string>>;

const PASSPHRASE = "it has a passphrase. Remove it: openssl rsa -in OLD -out NEW";
const IS_PUBLIC = "it is a public key. Give the private key (archive keygen makes one)";
const IS_PRIVATE = "it is a private key. Give the public key that belongs to it";

const PRIVATE_LABELS: Labels = {
  "PRIVATE KEY": (pkcs8) => pkcs8,
  "RSA PRIVATE KEY": pkcs8FromPkcs1,
  "ENCRYPTED PRIVATE KEY": PASSPHRASE,
  "PUBLIC KEY": IS_PUBLIC,
  "RSA PUBLIC KEY": IS_PUBLIC,
};

const PUBLIC_LABELS: Labels = {
  "PUBLIC KEY": (spki) => spki,
  "RSA PUBLIC KEY": spkiFromPkcs1,
  "PRIVATE KEY": IS_PRIVATE,
  "RSA PRIVATE KEY": IS_PRIVATE,
  "ENCRYPTED PRIVATE KEY": IS_PRIVATE,
};

/**
 * Imports an RSA private key of 2048 to 4096 bits from PEM text, PKCS#8 or PKCS#1. Errors call it
 * by the name `source`.
 *
 * @throws {ConfigError} if it is anything else, has a passphrase or does not undo its own work.
 */
export async function importPrivateKey(pem: string, source = "private key"): Promise<PrivateKey> {
  const der = readDer(pem, PRIVATE_LABELS, source);
  const key = await importKey("pkcs8", der, "decrypt", source);
  await checkParts(der, source);
  return key;
}

/**
 * Imports an RSA public key of 2048 to 4096 bits from PEM text, SubjectPublicKeyInfo or PKCS#1.
 * Errors call it by the name `source`.
 *
 * @throws {ConfigError} if it is anything else.
 */
export async function importPublicKey(pem: string, source = "public key"): Promise<PublicKey> {
  return await importKey("spki", readDer(pem, PUBLIC_LABELS, source), "encrypt", source);
}

/**
 * Makes a key pair of 2048 to 4096 bits: PEM text of PKCS#8 and SubjectPublicKeyInfo.
 *
 * @throws {RangeError} for any other number of bits.
 */
export async function generateKeyPair(
  bits = MIN_BITS,
): Promise<{ privatePem: string; publicPem: string }> {
  if (!(bits >= MIN_BITS && bits <= MAX_BITS && bits % 8 === 0)) {
    throw new RangeError(
      `Cannot make a key of ${bits} bits: give ${MIN_BITS} to ${MAX_BITS}, a multiple of 8`,
    );
  }
  const algorithm = {
    ...RSA_OAEP,
    modulusLength: bits,
    publicExponent: Uint8Array.of(0x01, 0x00, 0x01),
  };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return {
    privatePem: encodePem({ label: "PRIVATE KEY", content: pkcs8 }),
    publicPem: encodePem({ label: "PUBLIC KEY", content: spki }),
  };
}

function readDer(pem: string, labels: Labels, source: string): Der {
  let block;
  try {
    block = decodePem(pem);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(source, "its Base64 text is damaged");
  }
  if (!block) throw unreadable(source, "it holds no PEM text (-----BEGIN … KEY-----)");
  const { label, content } = block;
  const read = labels[label] ?? `it holds ${label}, not an RSA key`;
  if (typeof read === "string") throw unreadable(source, read);
  if (content === "encrypted") throw unreadable(source, PASSPHRASE);
  return read(content);
}

async function importKey(
  format: "pkcs8" | "spki",
  der: Der,
  usage: "encrypt" | "decrypt",
  source: string,
): Promise<Key> {
  let key;
  try {
    key = await crypto.subtle.importKey(format, der, RSA_OAEP, false, [usage]);
  } catch {
    throw unreadable(source, "it is damaged, or not an RSA key");
  }
  const { modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength < MIN_BITS || modulusLength > MAX_BITS) {
    const wanted = `Give a key of ${MIN_BITS} to ${MAX_BITS} bits`;
    throw unreadable(source, `it has ${modulusLength} bits. ${wanted}`);
  }
  return { key, modulusBytes: Math.ceil(modulusLength / 8) };
}

/**
 * Undoes an encryption with the key's own public part. Importing does not look whether the numbers
 * fit together: a key damaged there would have every envelope rejected, for good.
 */
async function checkParts(pkcs8: Der, source: string): Promise<void> {
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, RSA_OAEP, true, ["decrypt"]);
    const { n, e } = await crypto.subtle.exportKey("jwk", key);
    const publicPart = { kty: "RSA", n: n!, e: e! };
    const own = await crypto.subtle.importKey("jwk", publicPart, RSA_OAEP, false, ["encrypt"]);
    const sealed = await crypto.subtle.encrypt("RSA-OAEP", own, new Uint8Array(32));
    await crypto.subtle.decrypt("RSA-OAEP", key, sealed);
  } catch {
    throw unreadable(source, "it is damaged: its parts do not fit together");
  }
}

function unreadable(source: string, reason: string): ConfigError {
  return new ConfigError([`Cannot read ${source}: ${reason}`]);
}
