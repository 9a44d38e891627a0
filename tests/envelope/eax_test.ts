import { deepEqual, equal, ok } from "../assert.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { decryptEax } from "../../lib/envelope/eax.ts";
import { encryptEax } from "./eax_writer.ts";
import { type AeadCase, caseName, fromHex, readWycheproof } from "./wycheproof.ts";

Deno.test("decryptEax returns Wycheproof's messages, and undefined if the tag is wrong", async () => {
  const cases = await readWycheproof<unknown, AeadCase>("aes_eax");
  equal(cases.length, 240);
  for (const test of cases) {
    const plaintext = decryptEax({
      key: fromHex(test.key),
      nonce: fromHex(test.iv),
      header: fromHex(test.aad),
      ciphertext: fromHex(test.ct),
      tag: fromHex(test.tag),
    });
    const expected = test.result === "valid" ? fromHex(test.msg) : undefined;
    deepEqual(plaintext && new Uint8Array(plaintext), expected, caseName(test));
  }
});

Deno.test("decryptEax decrypts what another implementation encrypted", () => {
  const bytes = (sizes: { minLength?: number; maxLength: number }) => fc.uint8Array(sizes);
  fc.assert(fc.property(
    fc.constantFrom(16, 24, 32).chain((n) => bytes({ minLength: n, maxLength: n })),
    bytes({ maxLength: 40 }),
    bytes({ maxLength: 100 }),
    bytes({ maxLength: 40 }),
    (key, nonce, plaintext, header) => {
      const sealed = encryptEax(plaintext, { key, nonce, header });
      const opened = decryptEax({ key: key.slice(), nonce, header, ...sealed });
      deepEqual(opened && new Uint8Array(opened), plaintext);
    },
  ));
});

Deno.test("decryptEax rejects a tag that is truncated or too long", () => {
  const [key, nonce] = [new Uint8Array(16), new Uint8Array(16)];
  const { tag, ciphertext } = encryptEax(Uint8Array.of(1, 2, 3), { key, nonce });
  for (const wrong of [tag.slice(0, 0), tag.slice(0, 15), Uint8Array.of(...tag, 0)]) {
    equal(decryptEax({ key, nonce, ciphertext, tag: wrong }), undefined);
  }
});

Deno.test("decryptEax decrypts a file of 5 MB", () => {
  const [key, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(16).fill(255)];
  const plaintext = new Uint8Array(5_000_000).map((_, i) => i * 31);
  const opened = decryptEax({ key, nonce, ...encryptEax(plaintext, { key, nonce }) });
  ok(opened && Buffer.from(plaintext.buffer).equals(opened));
});
