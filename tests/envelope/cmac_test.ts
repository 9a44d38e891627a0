import { deepEqual, equal, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import { cmac, cmacKey } from "../../lib/envelope/cmac.ts";
import { caseName, fromHex, readWycheproof, type WycheproofCase } from "./wycheproof.ts";

type MacCase = WycheproofCase & { keySize: number; key: string; msg: string; tag: string };

Deno.test("cmac computes Wycheproof's tags, and none of the modified ones", async () => {
  for (const test of await readWycheproof<{ keySize: number }, MacCase>("aes_cmac")) {
    if (![128, 192, 256].includes(test.keySize)) {
      throws(() => cmacKey(fromHex(test.key)), RangeError, caseName(test));
      continue;
    }
    const tag = cmac(cmacKey(fromHex(test.key)), new Uint8Array(), fromHex(test.msg));
    equal(
      Buffer.from(tag).toString("hex") === test.tag,
      test.result === "valid",
      caseName(test),
    );
  }
});

Deno.test("cmac of blocks and a message after them equals the cmac of both joined", () => {
  for (const size of [16, 24, 32]) {
    const key = cmacKey(new Uint8Array(size));
    const message = Uint8Array.from({ length: 200_000 }, (_, i) => i);
    for (const length of [16, 33, 64, 65_536, 65_537, 200_000]) {
      const whole = cmac(key, new Uint8Array(), message.subarray(0, length));
      for (const cut of [0, 16, 32].filter((cut) => cut <= length)) {
        deepEqual(
          cmac(key, message.subarray(0, cut), message.subarray(cut, length)),
          whole,
          `${length} bytes cut at ${cut}`,
        );
      }
    }
  }
});
