import { deepEqual } from "../../assert.ts";
import fc from "fast-check";
import { splitLines } from "../../../lib/cli/archive/lines.ts";

async function lines(chunks: readonly Uint8Array[], maxBytes = 1000): Promise<(string | null)[]> {
  const found = [];
  for await (const line of splitLines(ReadableStream.from(chunks), maxBytes)) {
    found.push(line instanceof RangeError ? null : new TextDecoder("latin1").decode(line));
  }
  return found;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const CASES: [text: string, lines: (string | null)[]][] = [
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["\n\na", ["", "", "a"]],
  ["a\r\nb\r", ["a", "b"]],
  ["\r\n\ra", ["", "\ra"]],
  ["1234\n12345\nx", ["1234", null, "x"]],
  ["12345", [null]],
];

for (const [text, expected] of CASES) {
  Deno.test(`splitLines splits ${JSON.stringify(text)}`, async () => {
    deepEqual(await lines([bytes(text)], 4), expected);
  });
}

Deno.test("splitLines yields the same lines wherever the stream is cut", async () => {
  const texts = fc.array(fc.constantFrom("a", "bc", "\n", "defgh", "\r"), { maxLength: 20 });
  await fc.assert(fc.asyncProperty(texts, async (texts) => {
    const whole = await lines([bytes(texts.join(""))], 4);
    deepEqual(await lines(texts.map(bytes), 4), whole);
  }));
});
