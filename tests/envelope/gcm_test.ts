import assert from "node:assert/strict";
import { decryptGcm, encryptGcm } from "../../lib/envelope/gcm.ts";
import { type AeadCase, caseName, readWycheproof, unhex } from "./wycheproof.ts";

/** The cases envelopes have a use for, and 12-byte nonces: only there are modified tags. */
async function readCases(): Promise<AeadCase[]> {
  const cases = await readWycheproof<{ ivSize: number }, AeadCase>("aes_gcm");
  return cases.filter(({ ivSize, aad }) => [96, 128].includes(ivSize) && aad === "");
}

Deno.test("decryptGcm gives Wycheproof's messages, and nothing where the tag is wrong", async () => {
  const cases = await readCases();
  assert.equal(cases.length, 202);
  for (const test of cases) {
    const plaintext = await decryptGcm({
      key: unhex(test.key),
      nonce: unhex(test.iv),
      ciphertext: unhex(test.ct),
      tag: unhex(test.tag),
    });
    const expected = test.result === "valid" ? unhex(test.msg) : undefined;
    assert.deepEqual(plaintext, expected, caseName(test));
  }
});

Deno.test("encryptGcm makes Wycheproof's ciphertexts and tags", async () => {
  for (const test of (await readCases()).filter(({ result }) => result === "valid")) {
    const sealed = await encryptGcm(unhex(test.key), unhex(test.iv), unhex(test.msg));
    assert.deepEqual(sealed, { ciphertext: unhex(test.ct), tag: unhex(test.tag) }, caseName(test));
  }
});

Deno.test("decryptGcm refuses a cut tag, which would be easier to forge", async () => {
  const [key, nonce] = [new Uint8Array(16), new Uint8Array(16)];
  const { tag, ciphertext } = await encryptGcm(key, nonce, Uint8Array.of(1, 2, 3));
  for (const wrong of [tag.slice(0, 0), tag.slice(0, 12), tag.slice(0, 15)]) {
    assert.equal(await decryptGcm({ key, nonce, ciphertext, tag: wrong }), undefined);
  }
});
