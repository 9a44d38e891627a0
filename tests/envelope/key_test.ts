import { deepEqual, equal, match, ok, rejects } from "../assert.ts";
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { ConfigError } from "../../lib/errors.ts";
import { generateKeyPair, importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { openEnvelope } from "../../lib/envelope/open.ts";
import { decodePem, encodePem } from "../../lib/envelope/pem.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";
import { readVectors } from "../vectors.ts";
import { caseName, fromHex, type OaepCase, type OaepGroup, readWycheproof } from "./wycheproof.ts";

const { privatePem, publicPem } = await generateKeyPair();
const PLAINTEXT = new TextEncoder().encode("text");

const FORMS = { wrapped: ["pkcs8", "spki"], pkcs1: ["pkcs1", "pkcs1"] } as const;

/** A key pair made by another library. */
function rsaPair(modulusLength: number, form: keyof typeof FORMS) {
  const [privateType, publicType] = FORMS[form];
  return generateKeyPairSync("rsa", {
    modulusLength,
    privateKeyEncoding: { type: privateType, format: "pem" },
    publicKeyEncoding: { type: publicType, format: "pem" },
  });
}

const ec = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const small = { wrapped: rsaPair(1024, "wrapped"), pkcs1: rsaPair(1024, "pkcs1") };
const large = rsaPair(4104, "wrapped");

const relabel = (pem: string, from: string, to: string) => pem.replaceAll(from, to);
const withHeaders = relabel(
  small.pkcs1.privateKey,
  "BEGIN RSA PRIVATE KEY-----",
  "BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233\n",
);

const NO_PEM = "it contains no PEM text (-----BEGIN … KEY-----)";
const PASSPHRASE = "it has a passphrase. Remove it: openssl rsa -in OLD -out NEW";
const NOT_RSA = "it is damaged, or not an RSA key";
const IS_PUBLIC = "it is a public key. Give the private key (archive keygen makes one)";
const IS_PRIVATE = "it is a private key. Give the public key that belongs to it";

/** Texts without an RSA key, rejected by both functions with the same reason. */
const NO_KEYS: [string, string, string][] = [
  ["nothing", "", NO_PEM],
  ["other text", "ssh-rsa AAAA", NO_PEM],
  ["bytes that are not text", "\u0000\uFFFD0\u0082", NO_PEM],
  ["half a block", privatePem.slice(0, 200), NO_PEM],
  ["ends that differ", relabel(privatePem, "END PRIVATE", "END PUBLIC"), NO_PEM],
  [
    "a certificate",
    relabel(publicPem, "PUBLIC KEY", "CERTIFICATE"),
    "it contains CERTIFICATE, not an RSA key",
  ],
  [
    "an OpenSSH key",
    relabel(publicPem, "PUBLIC KEY", "OPENSSH PRIVATE KEY"),
    "it contains OPENSSH PRIVATE KEY, not an RSA key",
  ],
  [
    "an old EC key",
    relabel(ec.privateKey, "PRIVATE KEY", "EC PRIVATE KEY"),
    "it contains EC PRIVATE KEY, not an RSA key",
  ],
];

const NOT_PRIVATE: [string, string, string][] = [
  ...NO_KEYS,
  ["a public key", publicPem, IS_PUBLIC],
  ["a PKCS#1 public key", small.pkcs1.publicKey, IS_PUBLIC],
  ["a passphrase", relabel(privatePem, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), PASSPHRASE],
  ["an old passphrase", withHeaders, PASSPHRASE],
  ["damaged Base64", privatePem.replace("M", "?"), "its Base64 text is damaged"],
  ["an empty block", encodePem({ label: "PRIVATE KEY", content: new Uint8Array() }), NOT_RSA],
  ["an EC key", ec.privateKey, NOT_RSA],
  ["PKCS#8 called PKCS#1", relabel(privatePem, "PRIVATE KEY", "RSA PRIVATE KEY"), NOT_RSA],
  ["1024 bits", small.wrapped.privateKey, "it has 1024 bits. Give a key of 2048 to 4096 bits"],
  [
    "1024 bits, PKCS#1",
    small.pkcs1.privateKey,
    "it has 1024 bits. Give a key of 2048 to 4096 bits",
  ],
  ["4104 bits", large.privateKey, "it has 4104 bits. Give a key of 2048 to 4096 bits"],
];

const NOT_PUBLIC: [string, string, string][] = [
  ...NO_KEYS,
  ["a private key", privatePem, IS_PRIVATE],
  ["a PKCS#1 private key", small.pkcs1.privateKey, IS_PRIVATE],
  ["a passphrase", relabel(privatePem, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), IS_PRIVATE],
  ["an old passphrase", withHeaders, IS_PRIVATE],
  ["damaged Base64", publicPem.replace("M", "?"), "its Base64 text is damaged"],
  ["an empty block", encodePem({ label: "RSA PUBLIC KEY", content: new Uint8Array() }), NOT_RSA],
  ["an EC key", ec.publicKey, NOT_RSA],
  ["1024 bits", small.wrapped.publicKey, "it has 1024 bits. Give a key of 2048 to 4096 bits"],
  ["1024 bits, PKCS#1", small.pkcs1.publicKey, "it has 1024 bits. Give a key of 2048 to 4096 bits"],
  ["4104 bits", large.publicKey, "it has 4104 bits. Give a key of 2048 to 4096 bits"],
];

for (
  const [symbol, importKey, noun, table] of [
    ["importPrivateKey", importPrivateKey, "private key", NOT_PRIVATE],
    ["importPublicKey", importPublicKey, "public key", NOT_PUBLIC],
  ] as const
) {
  Deno.test(`${symbol} rejects everything else, with the reason in one line`, async () => {
    for (const [what, pem, reason] of table) {
      const error = await importKey(pem).then(() => undefined, (error: unknown) => error);
      ok(error instanceof ConfigError, what);
      deepEqual(error.faults, [`Cannot read ${noun}: ${reason}`], what);
    }
  });
}

Deno.test("importPrivateKey reads PKCS#1 and PKCS#8, importPublicKey PKCS#1 and SPKI", async () => {
  for (const bits of [2048, 2056]) {
    for (const form of ["wrapped", "pkcs1"] as const) {
      const pair = rsaPair(bits, form);
      const key = await importPrivateKey(pair.privateKey);
      equal(key.modulusBytes, bits / 8);
      equal(key.key.extractable, false);
      const publicKey = await importPublicKey(pair.publicKey);
      equal(publicKey.modulusBytes, bits / 8);
      equal(await openEnvelope(await sealEnvelope(PLAINTEXT, publicKey), key), "text");
    }
  }
});

Deno.test("importPrivateKey returns a key that decrypts exactly Wycheproof's valid cases", async () => {
  const cases = await readWycheproof<OaepGroup, OaepCase>("rsa_oaep_2048_sha1_mgf1sha1");
  const { key } = await importPrivateKey(cases[0]!.privateKeyPem);
  for (const test of cases) {
    const decrypting = crypto.subtle.decrypt("RSA-OAEP", key, fromHex(test.ct));
    if (test.result === "valid" && test.label === "") {
      deepEqual(new Uint8Array(await decrypting), fromHex(test.msg), caseName(test));
    } else {
      await rejects(decrypting, { name: "OperationError" }, caseName(test));
    }
  }
});

Deno.test("importPrivateKey reads the first block, even with CRLF and text around it", async () => {
  const text = `Key of 192.0.2.1\n${privatePem}${publicPem}`.replaceAll("\n", "\r\n");
  equal((await importPrivateKey(text)).modulusBytes, 256);
});

Deno.test("importPrivateKey and importPublicKey read keys of existing installations", async () => {
  for (const [name, size] of [["2048", 256], ["3072", 384]] as const) {
    const key = await importPrivateKey(await readVectors(`envelopes/priv${name}.pem`));
    const publicKey = await importPublicKey(await readVectors(`envelopes/pub${name}.pem`));
    deepEqual([key.modulusBytes, publicKey.modulusBytes], [size, size]);
    equal(await openEnvelope(await sealEnvelope(PLAINTEXT, publicKey), key), "text");
  }
});

Deno.test("importPrivateKey rejects damaged numbers, or returns a key that still opens envelopes", async () => {
  const envelope = await sealEnvelope(PLAINTEXT, await importPublicKey(publicPem));
  const { content } = decodePem(privatePem)!;
  ok(content !== "encrypted");
  let refused = 0;
  for (let at = 0; at < content.length; at += 37) {
    const damaged = content.slice();
    damaged[at]! ^= 0x10;
    const pem = encodePem({ label: "PRIVATE KEY", content: damaged });
    const key = await importPrivateKey(pem).catch((error) => {
      ok(error instanceof ConfigError, `byte ${at}`);
      return undefined;
    });
    if (key) equal(await openEnvelope(envelope, key), "text", `byte ${at}`);
    else refused++;
  }
  ok(refused > 10, `${refused} refused`);
});

Deno.test("generateKeyPair makes keys of the requested size, but none too weak or too large", async () => {
  for (const bits of [2048, 4096]) {
    const pair = await generateKeyPair(bits);
    match(pair.privatePem, /^-----BEGIN PRIVATE KEY-----\n(.{1,64}\n)+-----END/);
    match(pair.publicPem, /^-----BEGIN PUBLIC KEY-----\n(.{1,64}\n)+-----END/);
    const key = await importPrivateKey(pair.privatePem);
    const publicKey = await importPublicKey(pair.publicPem);
    deepEqual([key.modulusBytes, publicKey.modulusBytes], [bits / 8, bits / 8]);
    equal(await openEnvelope(await sealEnvelope(PLAINTEXT, publicKey), key), "text");
  }
  for (const bits of [0, 1024, 2047, 2050, 4097, 4104, NaN, -2048, 2048.5]) {
    await rejects(generateKeyPair(bits), RangeError, String(bits));
  }
});

Deno.test("decodePem is the inverse of encodePem", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const pem = { label: "RSA PRIVATE KEY", content: bytes.slice() };
    deepEqual(decodePem(encodePem(pem)), pem);
  }));
});
