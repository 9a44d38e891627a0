import { deepEqual, equal, match, ok, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { generateKeyPair, importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { openEnvelope } from "../../lib/envelope/open.ts";
import { Rejected } from "../../lib/errors.ts";
import type { CacheLake } from "../../lib/lake/lake.ts";
import {
  checkUploadFields,
  type InputFile,
  type RefusedFile,
  submit,
  type SubmittedFile,
  type UploadFields,
} from "../../lib/lake/submit.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";

const FIELDS: UploadFields = { typetag: "cowrie", orgid: "example", timezone: "Europe/Oslo" };
const pair = await generateKeyPair();
const key = await importPublicKey(pair.publicPem);
const opening = await importPrivateKey(pair.privatePem);

type Result = {
  readonly lake: CacheLake;
  readonly submitted: SubmittedFile[];
  readonly refused: RefusedFile[];
  /** Files in each call of `progress`. */
  readonly batches: number[];
};

/** Submits to a new lake and passes the result to `look`. */
async function submitted(
  submissions: readonly InputFile[],
  options: number | { readonly maxBytes: number; readonly upload: UploadFields },
  look: (result: Result) => void | Promise<void>,
): Promise<void> {
  const { maxBytes, upload } = typeof options === "number"
    ? { maxBytes: options, upload: FIELDS }
    : options;
  const sqlite = openSqlite(":memory:");
  const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
  const result: Result = { lake, submitted: [], refused: [], batches: [] };
  try {
    await submit(ReadableStream.from(submissions), {
      lake,
      key,
      upload,
      maxBytes,
      now: () => 1_700_000_000.5,
      progress: (done, not) => {
        result.submitted.push(...done);
        result.refused.push(...not);
        result.batches.push(done.length + not.length);
      },
    });
    await look(result);
  } finally {
    await sqlite.close();
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("submit says when it needs no data any more, before the lake gets a file", async () => {
  const steps: string[] = [];
  await submit(ReadableStream.from([{ name: "n", data: bytes("{}") }]), {
    lake: {
      submit: (uploads) => {
        steps.push("submit");
        return Promise.resolve(uploads.map(({ name }) => name));
      },
    },
    key,
    upload: FIELDS,
    maxBytes: 10_000,
    now: () => 1,
    onEncrypted: (name) => steps.push(`encrypted ${name}`),
    progress: () => steps.push("progress"),
  });
  deepEqual(steps, ["encrypted n", "submit", "progress"]);
});

Deno.test("submit sends text in UTF-8 without a mark, whatever it was before", async () => {
  const text = '{"a": "naïve"}';
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  const data = [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, gzipSync(utf16)];
  const bomb = { name: "bomb", data: gzipSync(Buffer.alloc(2 ** 21)) };
  const submissions = data.map((data, i) => ({ name: `n${i}`, data }));
  await submitted([...submissions, bomb], 2 ** 20, async ({ lake, refused }) => {
    deepEqual(refused, [{
      name: "bomb",
      reason: "it is compressed and unfolds to more than 1048576 bytes. Unpack and split it",
    }]);
    const claims = await lake.claim({ owner: "w", limit: 9, lease: 60, now: 1_700_000_001 });
    equal(claims.length, 4);
    for await (const group of lake.read(claims, 2 ** 20)) {
      for (const { file } of group) {
        ok(!(file instanceof Rejected));
        equal(await openEnvelope(file, opening, { first: "gcm" }), text);
      }
    }
  });
});

Deno.test("submit says which list was not UTF-8", async () => {
  const data = Buffer.from("http://a.example/\xe9\n", "latin1");
  const files = [{ name: "a", data: bytes("http://b.example/") }, { name: "a", data }];
  const look = ({ submitted }: Result) => {
    deepEqual(submitted.map(({ skipped }) => skipped), [undefined, {
      "charset other than UTF-8 (read as windows-1252)": 1,
    }]);
  };
  const upload = { ...FIELDS, typetag: "ioc_list" };
  await submitted(files, { maxBytes: 2 ** 20, upload }, look);
});

Deno.test("submit puts entries into the lake that only the key's holder can read", async () => {
  const data = [bytes('{"a":1}'), bytes("x"), bytes("\ufeffnaïve 🦊")];
  const submissions = data.map((data, i) => ({ name: `n${i}`, data }));
  await submitted(submissions, 2 ** 20, async ({ lake, submitted, refused }) => {
    deepEqual(submitted.map(({ name }) => name), ["n0", "n1", "n2"]);
    deepEqual(refused, []);
    const claims = await lake.claim({ owner: "w", limit: 9, lease: 60, now: 1_700_000_001 });
    deepEqual(claims.map(({ id }) => id).sort(), submitted.map(({ id }) => id).sort());
    for await (const group of lake.read(claims, 2 ** 20)) {
      for (const { claim, file } of group) {
        ok(!(file instanceof Rejected));
        const { name, ...rest } = claim.entry;
        const text = await openEnvelope(file, opening, { first: "gcm" });
        deepEqual(
          `\ufeff${text}`.slice(1),
          new TextDecoder().decode(data[Number(String(name).slice(1))]),
        );
        const { typetag, orgid, timezone, timestamp } = rest;
        deepEqual({ typetag, orgid, timezone }, FIELDS);
        equal(timestamp, 1_700_000_000.5);
      }
    }
  });
});

Deno.test("submit refuses what cannot be archived and submits the rest", async () => {
  const submissions = [
    { name: "good", data: bytes("good") },
    { name: "binary", data: Uint8Array.of(0x50, 0xff) },
    { name: "surrogate", data: Uint8Array.of(0xed, 0xa0, 0x80) },
    { name: "empty", data: new Uint8Array() },
    { name: "blank", data: bytes("\ufeff \r\n") },
    { name: "gone", data: new Error("there is no such file") },
    { name: "good too", data: bytes("ü") },
  ];
  await submitted(submissions, 2 ** 20, ({ submitted, refused }) => {
    deepEqual(submitted.map(({ name }) => name), ["good", "good too"]);
    const binary = "it is not UTF-8 text, and binary data cannot be archived";
    deepEqual(refused, [
      { name: "binary", reason: binary },
      { name: "surrogate", reason: binary },
      { name: "empty", reason: "it is empty" },
      { name: "blank", reason: "it is empty" },
      { name: "gone", reason: "there is no such file" },
    ]);
  });
});

Deno.test("submit refuses what could make an envelope that is too large", async () => {
  const sizes = [1000 - 544, 1000 - 543].map((size) => ({
    name: String(size),
    data: new Uint8Array(size),
  }));
  await submitted(sizes, 1000, async ({ lake, submitted, refused }) => {
    deepEqual(submitted.map(({ name }) => name), ["456"]);
    deepEqual(refused, [
      { name: "457", reason: "it has 457 bytes, and an envelope at most 1000" },
    ]);
    const [entry] = await lake.list({}, 1);
    const size = entry?.size ?? Infinity;
    ok(size <= 1000, String(size));
  });
});

Deno.test("submit makes batches of 64 entries or 8 MiB", async () => {
  const small = Array.from({ length: 130 }, (_, i) => ({ name: `${i}`, data: bytes("x") }));
  await submitted(small, 2 ** 20, ({ batches, submitted }) => {
    deepEqual(batches, [64, 64, 2]);
    equal(new Set(submitted.map(({ id }) => id)).size, 130);
  });
  const large = Array.from({ length: 3 }, () => ({ name: "x", data: new Uint8Array(2 ** 22) }));
  await submitted(large, 2 ** 23, ({ batches }) => deepEqual(batches, [2, 1]));
});

const CASES: [name: string, change: Partial<UploadFields>, error: RegExp | null][] = [
  ["a hash as organisation", { orgid: "0f".repeat(32) }, null],
  ["any text as organisation", { orgid: "Ærø A/S" }, null],
  ["UTC", { timezone: "UTC" }, null],
  ["a zone with a long name", { timezone: "America/Argentina/Buenos_Aires" }, null],
  ["no type", { typetag: " " }, /type is empty/],
  ["no organisation", { orgid: "" }, /organisation is empty/],
  ["no zone", { timezone: "" }, /"" is not a time zone/],
  ["an unknown zone", { timezone: "Europe/Atlantis" }, /"Europe\/Atlantis" is not a time zone/],
  ["an abbreviation", { timezone: "PST" }, /"PST" is not a time zone/],
  ["an offset", { timezone: "+05:00" }, /"\+05:00" is not a time zone/],
];

for (const [name, change, error] of CASES) {
  Deno.test(`checkUploadFields ${error === null ? "takes" : "refuses"} ${name}`, () => {
    const check = () => checkUploadFields({ ...FIELDS, ...change });
    if (error === null) check();
    else throws(check, error);
  });
}

Deno.test("submit refuses text that does not fit a document, as import does", async () => {
  const large = "x".repeat(17 * 1024 ** 2);
  const spaced = `[1${" ".repeat(17 * 1024 ** 2)}]`;
  const files = [large, "x".repeat(15.5 * 1024 ** 2), spaced].map((text, i) => ({
    name: `${i}`,
    data: bytes(text),
  }));
  await submitted(files, 64 * 1024 ** 2, ({ submitted, refused }) => {
    deepEqual(submitted.map(({ name }) => name), ["1", "2"]);
    deepEqual(refused.map(({ name }) => name), ["0"]);
    match(refused[0]!.reason, /too large for one document of 16 MiB\. Split it/);
  });
});
