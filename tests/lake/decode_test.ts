import { deepEqual, equal, ok, rejects } from "../assert.ts";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decodeUpload } from "../../lib/lake/decode.ts";
import { toUtf8 } from "../../lib/text/utf8_stream.ts";

const TEXT = '{"a": "naïve 🦊"}\r\n{"b": 1}\n';
const MAX_BYTES = 1024 ** 2;

function decode(bytes: Uint8Array, typetag = "cowrie", maxBytes = MAX_BYTES) {
  return decodeUpload(bytes, { typetag, maxBytes });
}

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
}

const ENCODINGS: readonly ((text: string) => Uint8Array)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => utf16(text, false),
  (text) => utf16(text, true),
];

Deno.test("decodeUpload reads UTF-8 and UTF-16 with or without gzip, and drops the mark", async () => {
  for (const encode of ENCODINGS) {
    const bytes = encode(TEXT);
    for (const upload of [bytes, gzipSync(bytes), new Uint8Array([...bytes])]) {
      deepEqual(await decode(upload), { text: TEXT, skipped: {} });
    }
  }
  for (const bytes of [Uint8Array.of(), Uint8Array.of(0xef, 0xbb, 0xbf), gzipSync("")]) {
    equal((await decode(bytes)).text, "");
  }
  // Only a mark at the start is one.
  equal((await decode(Buffer.from("a\ufeffb"))).text, "a\ufeffb");
});

Deno.test("decodeUpload reads gzip of several members", async () => {
  const [half, rest] = [TEXT.slice(0, 9), TEXT.slice(9)];
  equal((await decode(Buffer.concat([gzipSync(half), gzipSync(rest)]))).text, TEXT);
});

Deno.test("decodeUpload refuses gzip that unfolds to more than the limit, in little memory", async () => {
  // A process of its own: other tests may run in this one.
  const program = fileURLToPath(new URL("decode_bomb.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", program],
    stderr: "inherit",
  }).output();
  const { grown, message } = JSON.parse(new TextDecoder().decode(stdout));
  equal(message, "it is compressed and unfolds to more than 1048576 bytes. Unpack and split it");
  ok(grown < 128 * MAX_BYTES, `${grown} bytes`);
  const bomb = gzipSync(Buffer.alloc(256 * MAX_BYTES));
  await rejects(decode(bomb), { code: "TOO_LARGE" });
  const fits = gzipSync(Buffer.alloc(MAX_BYTES, "a"));
  equal((await decode(fits)).text.length, MAX_BYTES);
  await rejects(decode(gzipSync(Buffer.alloc(MAX_BYTES + 1, "a"))), { code: "TOO_LARGE" });
});

Deno.test("decodeUpload refuses gzip that is damaged or cut off", async () => {
  const whole = gzipSync(TEXT.repeat(100));
  const flipped = Buffer.from(whole);
  flipped[30]! ^= 0x10;
  const more = Buffer.concat([whole, Buffer.from("more")]);
  for (const bytes of [whole.subarray(0, -5), whole.subarray(0, 12), flipped, more]) {
    await rejects(decode(bytes), {
      code: "ENTRY_INVALID",
      message: /^it is compressed with gzip but damaged or cut off: /,
    });
  }
});

Deno.test("decodeUpload reads lists in windows-1252 and counts them", async () => {
  const list = Buffer.from("http://a.example/caf\xe9 # \x93quoted\x94\n", "latin1");
  const skipped = { "charset other than UTF-8 (read as windows-1252)": 1 };
  for (const typetag of ["ioc_list", "openphish_feed", "phishtank_feed"]) {
    for (const bytes of [list, gzipSync(list)]) {
      const text = "http://a.example/café # “quoted”\n";
      deepEqual(await decode(bytes, typetag), { text, skipped });
    }
  }
  const refusal = {
    code: "ENTRY_INVALID",
    message: "it is not UTF-8 text, and binary data cannot be archived",
  };
  for (const typetag of ["cowrie", "stix", "misp", "sighting", "other"]) {
    await rejects(decode(list, typetag), refusal);
  }
  const sealed = { typetag: "email", maxBytes: MAX_BYTES, isSealed: true };
  await rejects(decodeUpload(list, sealed), refusal);
});

Deno.test("decodeUpload reads mail in the charset that it names, and counts it", async () => {
  const mail = "Subject: Gr\xfc\xdfe\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe9\n";
  deepEqual(await decode(Buffer.from(mail, "latin1"), "email"), {
    text: "Subject: Grüße\nContent-Type: text/plain; charset=iso-8859-1\n\né\n",
    skipped: { "charset other than UTF-8 (read as the mail says)": 1 },
  });
});

Deno.test("decodeUpload refuses what is not text, whatever its type, and says what it is", async () => {
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [Uint8Array.of(0xff, 0x00, 0x01), /^it is not UTF-8 text/],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 0xff), /^it is a zip archive, not text/],
    [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), /^it is compressed with zstd/],
    [Uint8Array.of(0xff, 0xfe, 0x7b, 0x7d), /^it is not UTF-8 text/],
    [Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x41), /^its byte order mark says UTF-16, but/],
    [Uint8Array.of(0xfe, 0xff, 0xd8, 0x00), /^its byte order mark says UTF-16, but/],
  ];
  for (const [bytes, message] of cases) {
    for (const typetag of ["ioc_list", "cowrie"]) {
      await rejects(decode(bytes, typetag), { code: "ENTRY_INVALID", message });
    }
  }
});

Deno.test("toUtf8 gives the same bytes in whatever pieces they come", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 });
  await fc.assert(fc.asyncProperty(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(...ENCODINGS),
    fc.boolean(),
    sizes,
    async (text, encode, isPacked, pieces) => {
      const bytes = isPacked ? gzipSync(encode(`{${text}`)) : encode(`{${text}`);
      const split: Uint8Array[] = [];
      let at = 0;
      for (const size of pieces) split.push(bytes.subarray(at, at += size));
      split.push(bytes.subarray(at));
      const whole = Buffer.concat(await Array.fromAsync(toUtf8(split, MAX_BYTES)));
      equal(whole.toString(), `{${text}`);
    },
  ));
});
