import { equal, rejects } from "../../../assert.ts";
import { gzipSync } from "node:zlib";
import { readText } from "../../../../lib/cli/report/lookup/read_text.ts";

const UTF8 = new TextEncoder().encode("b\u00fccher.example\n");

const TEXTS: [about: string, bytes: Uint8Array, wanted: string][] = [
  ["UTF-8", UTF8, "b\u00fccher.example\n"],
  ["UTF-8 with a mark", Uint8Array.of(0xef, 0xbb, 0xbf, ...UTF8), "b\u00fccher.example\n"],
  ["UTF-16LE with a mark", Uint8Array.of(0xff, 0xfe, 0x61, 0, 0xfc, 0), "a\u00fc"],
  ["UTF-16BE with a mark", Uint8Array.of(0xfe, 0xff, 0, 0x61, 0, 0xfc), "a\u00fc"],
  ["Windows-1252", Uint8Array.of(0x61, 0xfc, 0x80), "a\u00fc\u20ac"],
  ["gzip", new Uint8Array(gzipSync(UTF8)), "b\u00fccher.example\n"],
  ["nothing", new Uint8Array(), ""],
];
for (const [about, bytes, wanted] of TEXTS) {
  Deno.test(`readText reads ${about}`, async () => equal(await readText(stream(bytes)), wanted));
}

Deno.test("readText refuses more than 64 MiB, also compressed", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(65 * 1024 ** 2)));
  await rejects(readText(stream(bomb)), /more than 64 MiB/);
});

Deno.test("readText refuses damaged compressed data", async () => {
  const bytes = new Uint8Array(gzipSync(UTF8));
  await rejects(readText(stream(bytes.subarray(0, bytes.length - 9))));
});

Deno.test("readText says what UTF-16 without a mark is, whatever it holds", async () => {
  for (const text of ["192.0.2.1\n192.0.2.2\n", "b\u00fccher.example\n"]) {
    const bytes = new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
    await rejects(readText(stream(bytes)), /UTF-16 without a byte order mark/);
  }
});

function stream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
