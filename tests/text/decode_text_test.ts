import { gzipSync } from "node:zlib";
import { equal, rejects } from "../assert.ts";
import fc from "fast-check";
import { decodeText } from "../../lib/text/decode_text.ts";

/** Bytes that are nearly UTF-8: surrogates, too large, too long, a noncharacter, a cut character. */
const DOUBTFUL = [
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc0, 0x80],
  [0xef, 0xbf, 0xbf],
  [0xe2, 0x82],
].map((bytes) => new Uint8Array(bytes));

Deno.test("decodeText reads UTF-8 as TextDecoder does, and nothing else", async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
    fc.constantFrom(...DOUBTFUL),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part), async (parts) => {
      // Whatever follows a blank is not a mark of another format.
      const bytes = new Uint8Array([0x20, ...parts.flatMap((each) => [...each])]);
      const options = { maxBytes: 1_000_000, purpose: "archived" };
      const read = await decodeText(bytes, options).then(({ text }) => text, () => undefined);
      equal(read, decodeByPlatform(bytes));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeText says that something was compressed twice", async () => {
  const bytes = gzipSync(gzipSync("http://a.example/"));
  for (const other of [{ readOther }, {}]) {
    await rejects(decodeText(bytes, { ...other, maxBytes: 1000, purpose: "archived" }), {
      code: "ENTRY_INVALID",
      message: "it is compressed with gzip twice, not text, and must be unpacked first",
    });
  }
});

Deno.test("decodeText refuses tar archives, whose files may be text", async () => {
  const tar = new Uint8Array(1024);
  for (const [at, text] of [[0, "cowrie.json"], [257, "ustar"], [512, "{}\n"]] as const) {
    tar.set(new TextEncoder().encode(text), at);
  }
  for (const bytes of [tar, gzipSync(tar)]) {
    await rejects(decodeText(bytes, { readOther, maxBytes: 2000, purpose: "archived" }), {
      code: "ENTRY_INVALID",
      message: "it is a tar archive, not text, and must be unpacked first",
    });
  }
});

function readOther(bytes: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(bytes);
}

function decodeByPlatform(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
