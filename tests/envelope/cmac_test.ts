import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cmac, importCmacKey } from "../../lib/envelope/cmac.ts";
import { type Case, caseName, readWycheproof, unhex } from "./wycheproof.ts";

type MacCase = Case & { keySize: number; key: string; msg: string; tag: string };

Deno.test("cmac makes Wycheproof's tags, and none that are modified", async () => {
  for (const test of await readWycheproof<{ keySize: number }, MacCase>("aes_cmac")) {
    if (![128, 192, 256].includes(test.keySize)) {
      await assert.rejects(importCmacKey(unhex(test.key)), caseName(test));
      continue;
    }
    const tag = await cmac(await importCmacKey(unhex(test.key)), unhex(test.msg));
    assert.equal(
      Buffer.from(tag).toString("hex") === test.tag,
      test.result === "valid",
      caseName(test),
    );
  }
});

Deno.test("cmac of parts is the cmac of the whole", async () => {
  const key = await importCmacKey(new Uint8Array(16));
  const message = Uint8Array.from({ length: 50 }, (_, i) => i);
  const whole = await cmac(key, message);
  for (const cut of [0, 1, 15, 16, 17, 49, 50]) {
    assert.deepEqual(await cmac(key, message.subarray(0, cut), message.subarray(cut)), whole);
  }
});
