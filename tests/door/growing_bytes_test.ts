import { deepEqual, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { GrowingBytes } from "../../lib/door/growing_bytes.ts";

Deno.test("GrowingBytes has what was added, up to what was expected", () => {
  const chunk = fc.nat(90_000).map((length) => new Uint8Array(length).fill(length % 251));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), fc.nat(70_000), (chunks, more) => {
      const all = Buffer.concat(chunks);
      using growing = new GrowingBytes(all.length + more);
      // A source may use its chunk again.
      for (const each of chunks) {
        const copy = each.slice();
        growing.add(copy);
        copy.fill(255);
      }
      deepEqual(Buffer.from(growing.bytes), all);
      throws(() => growing.add(new Uint8Array(more + 1)), RangeError);
    }),
    { numRuns: 50 },
  );
});
