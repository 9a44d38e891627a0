import { equal, fail, ok, rejects } from "../assert.ts";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import { generateKeyPair, importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import type { PrivateKey } from "../../lib/envelope/key.ts";
import { encryptGcm } from "../../lib/envelope/gcm.ts";
import { joinEnvelope } from "../../lib/envelope/layout.ts";
import { type Mode, openEnvelope, openWithAny } from "../../lib/envelope/open.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";
import { readVectors, vectorPath } from "../vectors.ts";
import { writeEnvelope } from "./envelope_writer.ts";
import { caseName, fromHex, type OaepCase, type OaepGroup, readWycheproof } from "./wycheproof.ts";

const MODES: readonly Mode[] = ["eax", "gcm"];

const pair = await generateKeyPair();
const key = await importPrivateKey(pair.privatePem);
const publicKey = await importPublicKey(pair.publicPem);

const encode = (text: string) => new TextEncoder().encode(text);

/** Asserts that opening fails with the only error there is; returns its reason. */
async function rejectionReason(opening: Promise<string>, name: string): Promise<string> {
  try {
    await opening;
  } catch (error) {
    ok(error instanceof Rejected, name);
    equal(error.code, "ENVELOPE_REJECTED", name);
    equal(
      error.message,
      "Cannot open envelope: it is damaged, sealed for another key, or not an envelope",
      name,
    );
    ok(error.cause instanceof Error, name);
    return error.cause.message;
  }
  return fail(`${name} was opened`);
}

type Vector = {
  file: string;
  key: string;
  mode: Mode;
  expect: { plaintext_sha256: string; plaintext_size: number } | { error: "reject" | "not-utf8" };
};

async function readManifest(): Promise<Vector[]> {
  return JSON.parse(await readVectors("envelopes/manifest.json")).cases;
}

async function checkVector({ file, expect }: Vector, key: PrivateKey, first: Mode) {
  const opening = openEnvelope(await Deno.readFile(vectorPath(`envelopes/${file}`)), key, {
    first,
  });
  if ("error" in expect) {
    const reason = await rejectionReason(opening, file);
    equal(reason.endsWith("not valid UTF-8"), expect.error === "not-utf8", file);
  } else {
    const plaintext = encode(await opening);
    equal(plaintext.length, expect.plaintext_size, file);
    const hash = createHash("sha256").update(plaintext).digest("hex");
    equal(hash, expect.plaintext_sha256, file);
  }
}

for (const form of ["", "_pkcs8"]) {
  Deno.test(`openEnvelope matches the golden vectors with priv*${form}.pem`, async () => {
    const names = ["priv2048", "priv3072"].map((name) => `${name}${form}.pem`);
    const keys = new Map<string, PrivateKey>();
    for (const name of [...names, "priv2048_other.pem"]) {
      keys.set(name, await importPrivateKey(await readVectors(`envelopes/${name}`)));
    }
    const cases = await readManifest();
    equal(cases.length, 103);
    await Promise.all(cases.flatMap((vector) => {
      const key = keys.get(vector.key) ?? keys.get(vector.key.replace(".pem", `${form}.pem`));
      ok(key, vector.key);
      return MODES.map((first) => checkVector(vector, key, first));
    }));
  });
}

Deno.test("openEnvelope rejects every flipped bit with the same error", async () => {
  const envelope = await writeEnvelope(encode("192.0.2.1 ok"), publicKey);
  equal(envelope.length, 300);
  await openEnvelope(envelope, key);
  await Promise.all(Array.from({ length: 8 * envelope.length }, (_, bit) => {
    const flipped = envelope.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    return rejectionReason(openEnvelope(flipped, key), `bit ${bit}`);
  }));
});

Deno.test("openEnvelope rejects every flipped bit after the session key in GCM", async () => {
  const envelope = await sealEnvelope(encode("192.0.2.1 ok"), publicKey);
  await Promise.all(Array.from({ length: 8 * (envelope.length - 256) }, (_, bit) => {
    const flipped = envelope.slice();
    flipped[256 + (bit >> 3)]! ^= 1 << (bit & 7);
    return rejectionReason(openEnvelope(flipped, key, { first: "gcm" }), `bit ${bit}`);
  }));
});

Deno.test("openEnvelope rejects every truncation with the same error", async () => {
  for (const mode of MODES) {
    const envelope = await writeEnvelope(encode("192.0.2.1 ok"), publicKey, { mode });
    await Promise.all(
      Array.from(
        { length: envelope.length },
        (_, length) =>
          rejectionReason(openEnvelope(envelope.subarray(0, length), key), `${mode} ${length}`),
      ),
    );
  }
});

Deno.test("openEnvelope accepts only session keys of 16, 24 and 32 bytes, in both modes", async () => {
  for (const mode of MODES) {
    for (const sessionBytes of [16, 24, 32]) {
      const envelope = await writeEnvelope(encode("text"), publicKey, { mode, sessionBytes });
      equal(await openEnvelope(envelope, key), "text");
    }
    for (const sessionBytes of [0, 1, 15, 17, 31, 33, 64]) {
      const envelope = await writeEnvelope(encode("text"), publicKey, { mode, sessionBytes });
      const reason = await rejectionReason(openEnvelope(envelope, key), `${mode} ${sessionBytes}`);
      equal(reason, `the session key has ${sessionBytes} bytes, not 16, 24 or 32`);
    }
  }
});

Deno.test("openEnvelope keeps a byte order mark and rejects what is not UTF-8", async () => {
  const marked = "\uFEFF{}";
  equal(await openEnvelope(await writeEnvelope(encode(marked), publicKey), key), marked);
  const invalid = [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [
    0xe2,
    0x82,
  ]];
  for (const bytes of invalid) {
    const envelope = await writeEnvelope(Uint8Array.from(bytes), publicKey);
    const reason = await rejectionReason(openEnvelope(envelope, key), String(bytes));
    equal(reason, "the plaintext is not valid UTF-8");
  }
});

Deno.test("openEnvelope returns any sealed text, whichever mode is tried first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", maxLength: 100 }),
      fc.constantFrom(...MODES),
      fc.constantFrom(...MODES),
      async (text, mode, first) => {
        const envelope = await writeEnvelope(encode(text), publicKey, { mode });
        equal(await openEnvelope(envelope, key, { first }), text);
      },
    ),
  );
});

Deno.test("openEnvelope opens an envelope inside a larger buffer", async () => {
  const envelope = await writeEnvelope(encode("text"), publicKey);
  const larger = new Uint8Array(envelope.length + 20);
  larger.set(envelope, 7);
  equal(await openEnvelope(larger.subarray(7, 7 + envelope.length), key), "text");
});

Deno.test("openEnvelope opens a file of 5 MB in both modes", async () => {
  const text = "203.0.113.7 \u{1f41f}\n".repeat(300_000);
  for (const mode of MODES) {
    const envelope = await writeEnvelope(encode(text), publicKey, { mode });
    ok(await openEnvelope(envelope, key) === text, mode);
  }
});

Deno.test("openEnvelope does not blame the envelope for a failing runtime", async () => {
  const envelope = await writeEnvelope(encode("text"), publicKey);
  const unfit = { key: publicKey.key, modulusBytes: 256 };
  await rejects(openEnvelope(envelope, unfit), { name: "InvalidAccessError" });
});

Deno.test("openEnvelope unwraps session keys as in Wycheproof's RSA-OAEP cases", async () => {
  const cases = await readWycheproof<OaepGroup, OaepCase>("rsa_oaep_2048_sha1_mgf1sha1");
  const key = await importPrivateKey(cases[0]!.privateKeyPem);
  const nonce = new Uint8Array(16);
  for (const test of cases) {
    const [message, wrappedKey] = [fromHex(test.msg), fromHex(test.ct)];
    if (wrappedKey.length !== key.modulusBytes) continue;
    const isSessionKey = [16, 24, 32].includes(message.length);
    const aesKey = isSessionKey ? message : new Uint8Array(32);
    const sealed = await encryptGcm(aesKey, nonce, encode("text"));
    const opening = openEnvelope(joinEnvelope({ wrappedKey, nonce, ...sealed }), key);
    if (test.result === "invalid" || test.label !== "") {
      const reason = await rejectionReason(opening, caseName(test));
      equal(reason, "the session key is damaged or wrapped for another key");
    } else if (isSessionKey) {
      equal(await opening, "text", caseName(test));
    } else {
      const reason = await rejectionReason(opening, caseName(test));
      ok(reason.startsWith(`the session key has ${message.length} bytes`), caseName(test));
    }
  }
});

/** A text whose envelopes are long enough for all keys below. */
const TEXT = "text".repeat(50);
const larger = await generateKeyPair(3072);
const other = await generateKeyPair();
const keys = [
  key,
  await importPrivateKey(larger.privatePem),
  await importPrivateKey(other.privatePem),
] as const;
const publicKeys = [
  publicKey,
  await importPublicKey(larger.publicPem),
  await importPublicKey(other.publicPem),
];

/** Counts the RSA decryptions while `work` runs. */
async function countDecryptions(work: () => Promise<unknown>): Promise<number> {
  const { decrypt } = crypto.subtle;
  let count = 0;
  crypto.subtle.decrypt = (...args) => {
    if (args[0] === "RSA-OAEP") count++;
    return decrypt.apply(crypto.subtle, args);
  };
  try {
    await work();
  } finally {
    crypto.subtle.decrypt = decrypt;
  }
  return count;
}

Deno.test("openWithAny opens envelopes for any key, with one decryption for the current key", async () => {
  for (const mode of MODES) {
    for (const [index, publicKey] of publicKeys.entries()) {
      const envelope = await writeEnvelope(encode(TEXT), publicKey, { mode });
      const count = await countDecryptions(async () => {
        equal(await openWithAny(envelope, keys), TEXT, `${mode} ${index}`);
      });
      equal(count, index + 1);
    }
  }
});

Deno.test("openWithAny rejects with the same error whichever key the envelope was sealed for", async () => {
  const fourth = await importPublicKey((await generateKeyPair()).publicPem);
  const wrapped = "the session key is damaged or wrapped for another key";
  const tag = "the tag fits neither EAX nor GCM";
  for (const [index, publicKey] of [...publicKeys, fourth].entries()) {
    const envelope = await writeEnvelope(encode(TEXT), publicKey);
    for (const at of [0, publicKey.modulusBytes, envelope.length - 1]) {
      const damaged = envelope.with(at, envelope[at]! ^ 1);
      const reason = await rejectionReason(openWithAny(damaged, keys), `key ${index}, byte ${at}`);
      const isTag = publicKey !== fourth && at > 0;
      const reasons = !isTag ? [wrapped] : index === 0 ? [tag, wrapped] : [wrapped, tag];
      equal(reason, reasons.join("; "), `key ${index}, byte ${at}`);
    }
  }
  const short = await rejectionReason(openWithAny(new Uint8Array(300), keys), "short");
  equal(short, `${wrapped}; 300 bytes are too few for the key's envelopes`);
});

Deno.test("openWithAny does not blame the envelope for a failing runtime", async () => {
  const envelope = await writeEnvelope(encode("text"), publicKey);
  const unfit = { key: publicKey.key, modulusBytes: 256 };
  await rejects(openWithAny(envelope, [unfit, key]), { name: "InvalidAccessError" });
});
