import { equal, notDeepEqual } from "../assert.ts";
import { generateKeyPair, importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { openEnvelope } from "../../lib/envelope/open.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";

const encode = (text: string) => new TextEncoder().encode(text);

for (const bits of [2048, 3072]) {
  Deno.test(`sealEnvelope for a key of ${bits} bits makes envelopes that open with either mode first`, async () => {
    const { privatePem, publicPem } = await generateKeyPair(bits);
    const key = await importPrivateKey(privatePem);
    const publicKey = await importPublicKey(publicPem);
    for (const text of ["", "a", "192.0.2.1", "\u{1f41f}".repeat(1000)]) {
      const envelope = await sealEnvelope(encode(text), publicKey);
      equal(envelope.length, bits / 8 + 32 + encode(text).length);
      equal(await openEnvelope(envelope, key, { first: "gcm" }), text);
      equal(await openEnvelope(envelope, key, { first: "eax" }), text);
    }
  });
}

Deno.test("sealEnvelope makes every region different each time and wraps 32 bytes", async () => {
  const { privatePem, publicPem } = await generateKeyPair();
  const publicKey = await importPublicKey(publicPem);
  const { key } = await importPrivateKey(privatePem);
  const envelopes = [
    await sealEnvelope(encode("the same text"), publicKey),
    await sealEnvelope(encode("the same text"), publicKey),
  ] as const;
  for (const [from, to] of [[0, 256], [256, 272], [272, 288], [288, 301]] as const) {
    const [one, other] = envelopes.map((envelope) => envelope.slice(from, to));
    notDeepEqual(one, other, `bytes ${from} to ${to}`);
  }
  for (const envelope of envelopes) {
    const sessionKey = await crypto.subtle.decrypt("RSA-OAEP", key, envelope.slice(0, 256));
    equal(sessionKey.byteLength, 32);
  }
});
