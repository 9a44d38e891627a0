import { deepEqual, equal } from "../assert.ts";
import { decryptGcm, encryptGcm } from "../../lib/envelope/gcm.ts";
import { type AeadCase, caseName, fromHex, readWycheproof } from "./wycheproof.ts";

/** Cases as in envelopes, and those with 12-byte nonces: only they include modified tags. */
async function readCases(): Promise<AeadCase[]> {
  const cases = await readWycheproof<{ ivSize: number }, AeadCase>("aes_gcm");
  return cases.filter(({ ivSize, aad }) => [96, 128].includes(ivSize) && aad === "");
}

Deno.test("decryptGcm returns Wycheproof's messages, and undefined if the tag is wrong", async () => {
  const cases = await readCases();
  equal(cases.length, 202);
  for (const test of cases) {
    const plaintext = await decryptGcm({
      key: fromHex(test.key),
      nonce: fromHex(test.iv),
      ciphertext: fromHex(test.ct),
      tag: fromHex(test.tag),
    });
    const expected = test.result === "valid" ? fromHex(test.msg) : undefined;
    deepEqual(plaintext, expected, caseName(test));
  }
});

Deno.test("encryptGcm computes Wycheproof's ciphertexts and tags", async () => {
  for (const test of (await readCases()).filter(({ result }) => result === "valid")) {
    const sealed = await encryptGcm(fromHex(test.key), fromHex(test.iv), fromHex(test.msg));
    deepEqual(sealed, { ciphertext: fromHex(test.ct), tag: fromHex(test.tag) }, caseName(test));
  }
});

Deno.test("decryptGcm rejects a truncated tag, which would be easier to forge", async () => {
  const [key, nonce] = [new Uint8Array(16), new Uint8Array(16)];
  const { tag, ciphertext } = await encryptGcm(key, nonce, Uint8Array.of(1, 2, 3));
  for (const wrong of [tag.slice(0, 0), tag.slice(0, 12), tag.slice(0, 15)]) {
    equal(await decryptGcm({ key, nonce, ciphertext, tag: wrong }), undefined);
  }
});
