import { ConfigError } from "../errors.ts";
import { pkcs8FromPkcs1, spkiFromPkcs1 } from "./der.ts";
import { decodePem, encodePem } from "./pem.ts";

/** The padding that existing clients use: OAEP with SHA-1, for both the hash and MGF1. */
const RSA_OAEP = { name: "RSA-OAEP", hash: "SHA-1" };
const MIN_BITS = 2048;
const MAX_BITS = 4096;

/** An RSA key, with the length of its modulus, which is also that of its ciphertexts. */
type RsaKey = { readonly key: CryptoKey; readonly modulusBytes: number };

/** A key that opens envelopes; it cannot be exported. */
export type PrivateKey = RsaKey;

/** The key for which envelopes are sealed, and older ones for which they may have been sealed. */
export type PrivateKeys = readonly [current: PrivateKey, ...old: PrivateKey[]];

/** A key that seals envelopes. */
export type PublicKey = RsaKey;

type Der = Uint8Array<ArrayBuffer>;

/** By PEM label: how to convert the content to the form WebCrypto imports, or why it is rejected. */
type PemLabels = Readonly<Record<string, ((content: Der) => Der) | string>>;

const HAS_PASSPHRASE = "it has a passphrase. Remove it: openssl rsa -in OLD -out NEW";
const IS_PUBLIC = "it is a public key. Give the private key (archive keygen makes one)";
const IS_PRIVATE = "it is a private key. Give the public key that belongs to it";

const PRIVATE_LABELS: PemLabels = {
  "PRIVATE KEY": (pkcs8) => pkcs8,
  "RSA PRIVATE KEY": pkcs8FromPkcs1,
  "ENCRYPTED PRIVATE KEY": HAS_PASSPHRASE,
  "PUBLIC KEY": IS_PUBLIC,
  "RSA PUBLIC KEY": IS_PUBLIC,
};

const PUBLIC_LABELS: PemLabels = {
  "PUBLIC KEY": (spki) => spki,
  "RSA PUBLIC KEY": spkiFromPkcs1,
  "PRIVATE KEY": IS_PRIVATE,
  "RSA PRIVATE KEY": IS_PRIVATE,
  "ENCRYPTED PRIVATE KEY": IS_PRIVATE,
};

/**
 * Imports an RSA private key of 2048 to 4096 bits from PEM text, PKCS#8 or PKCS#1. Errors call it
 * `source`.
 *
 * @throws {ConfigError} when the text is anything else, or the key has a passphrase or cannot decrypt
 * what its public part encrypted.
 */
export async function importPrivateKey(pem: string, source = "private key"): Promise<PrivateKey> {
  const der = readDer(pem, PRIVATE_LABELS, source);
  const key = await importKey(der, { format: "pkcs8", usage: "decrypt", source });
  await checkKeyParts(der, source);
  return key;
}

/**
 * Imports an RSA public key of 2048 to 4096 bits from PEM text, SubjectPublicKeyInfo or PKCS#1.
 * Errors call it `source`.
 *
 * @throws {ConfigError} when the text is anything else.
 */
export async function importPublicKey(pem: string, source = "public key"): Promise<PublicKey> {
  const der = readDer(pem, PUBLIC_LABELS, source);
  return await importKey(der, { format: "spki", usage: "encrypt", source });
}

/**
 * Generates a key pair of 2048 to 4096 bits, as PEM text of PKCS#8 and SubjectPublicKeyInfo.
 *
 * @throws {RangeError} when `bits` is any other number.
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

function readDer(pem: string, labels: PemLabels, source: string): Der {
  let block;
  try {
    block = decodePem(pem);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw keyError(source, "its Base64 text is damaged");
  }
  if (!block) throw keyError(source, "it contains no PEM text (-----BEGIN … KEY-----)");
  const { label, content } = block;
  const convert = labels[label] ?? `it contains ${label}, not an RSA key`;
  if (typeof convert === "string") throw keyError(source, convert);
  if (content === "encrypted") throw keyError(source, HAS_PASSPHRASE);
  return convert(content);
}

async function importKey(
  der: Der,
  { format, usage, source }: {
    format: "pkcs8" | "spki";
    usage: "encrypt" | "decrypt";
    source: string;
  },
): Promise<RsaKey> {
  let key;
  try {
    key = await crypto.subtle.importKey(format, der, RSA_OAEP, false, [usage]);
  } catch {
    throw keyError(source, "it is damaged, or not an RSA key");
  }
  const { modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength < MIN_BITS || modulusLength > MAX_BITS) {
    const advice = `Give a key of ${MIN_BITS} to ${MAX_BITS} bits`;
    throw keyError(source, `it has ${modulusLength} bits. ${advice}`);
  }
  return { key, modulusBytes: Math.ceil(modulusLength / 8) };
}

/**
 * Checks that the key decrypts what its own public part encrypts. Importing does not check that the
 * numbers fit together: a key damaged there would get every envelope rejected for good.
 */
async function checkKeyParts(pkcs8: Der, source: string): Promise<void> {
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, RSA_OAEP, true, ["decrypt"]);
    const { n, e } = await crypto.subtle.exportKey("jwk", key);
    const publicPart = { kty: "RSA", n: n!, e: e! };
    const publicKey = await crypto.subtle.importKey("jwk", publicPart, RSA_OAEP, false, [
      "encrypt",
    ]);
    const sealed = await crypto.subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array(32));
    await crypto.subtle.decrypt("RSA-OAEP", key, sealed);
  } catch {
    throw keyError(source, "it is damaged: its parts do not fit together");
  }
}

function keyError(source: string, reason: string): ConfigError {
  return new ConfigError([`Cannot read ${source}: ${reason}`]);
}
