import { gzipSync } from "node:zlib";
import { deepEqual, equal, ok } from "../assert.ts";
import { importOne, type ImportOptions } from "../../lib/lake/import.ts";
import { importInputs } from "../../lib/lake/import_inputs.ts";
import type { InputFile } from "../../lib/lake/submit.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { toUtf8 } from "../../lib/text/utf8_stream.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";
import { zipfCowrieLog } from "../../bench/zipf_cowrie_log.ts";
import { normalForms } from "../normal_form.ts";

const ORG = "0f".repeat(32);

/** Parts of some 400 KB: from the third on another thread filters them. */
const PARTS: readonly InputFile[] = [...zipfCowrieLog(10_000).parts].map((lines, number) => ({
  name: `log#${number + 1}`,
  data: new TextEncoder().encode(lines.join("")),
  modified: 1_600_000_000,
}));

/** No log, as it comes out of gzip: both threads read it, for its filter makes no events of it. */
const [unpacked] = await Array.fromAsync(toUtf8([gzipSync("this is no log, either")], 1000));

/** What is refused, makes no events, or has a record that cannot be read. */
const ODD: readonly InputFile[] = [
  { name: "unreadable", data: new Error("there is no such file") },
  { name: "binary", data: Uint8Array.of(0xff, 0xfe, 0xfd) },
  { name: "no log", data: new TextEncoder().encode("this is not a log") },
  { name: "no log.gz", data: unpacked! },
  {
    name: "half",
    data: new TextEncoder().encode(
      new TextDecoder().decode(PARTS[0]!.data as Uint8Array).slice(0, 5000),
    ),
  },
];

Deno.test("importInputs stores in two threads what importOne stores in one", async () => {
  const inputs = [...PARTS, ...ODD, PARTS[3]!];
  const alone = await importing(async (options) => {
    const results = [];
    for (const input of inputs) results.push(await importOne(input, options));
    return results;
  });
  const together = await importing((options) => importAll(inputs, options));
  deepEqual(together, alone);
  equal(alone.results.filter((one) => "known" in one).length, 1);
  equal(alone.results.filter((one) => "refused" in one).length, 2);
});

Deno.test("importInputs recognises inputs that are in the archive", async () => {
  const twice = await importing(async (options) => {
    await importAll(PARTS, options);
    return await importAll(PARTS, options);
  });
  ok(twice.results.every((one) => "known" in one));
});

Deno.test("importInputs recognises inputs that came with another time zone", async () => {
  const twice = await importing(async (options) => {
    await importAll(PARTS, options);
    return await importAll(PARTS, {
      ...options,
      upload: { ...options.upload, timezone: "Asia/Tokyo" },
    });
  });
  ok(twice.results.every((one) => "known" in one));
});

async function importAll(inputs: readonly InputFile[], options: ImportOptions) {
  const planned = inputs.map((input) => ({ input, options }));
  const results = await Array.fromAsync(importInputs(ReadableStream.from(planned)));
  deepEqual(results.map(({ input }) => input), inputs);
  return results.map(({ imported }) => imported);
}

/** Imports into an empty archive; returns the results, and what is stored. */
async function importing<T>(work: (options: ImportOptions) => Promise<T>) {
  const sqlite = openSqlite(":memory:");
  try {
    const archive = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    const results = await work({
      archive,
      filters: FILTERS,
      upload: { typetag: "cowrie", orgid: ORG, timezone: "UTC" },
      now: () => 7,
    });
    const documents = await Array.fromAsync(archive.all());
    return { results, stored: normalForms(documents as unknown as Fields[]) };
  } finally {
    await sqlite.close();
  }
}
