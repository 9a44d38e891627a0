import { deepEqual, equal, match } from "../assert.ts";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";
import { Rejected } from "../../lib/errors.ts";
import {
  archiveBatch,
  type ArchiveOptions,
  type ClaimOutcome,
} from "../../lib/lake/archive_batch.ts";
import type { CacheLake, Claim, Upload } from "../../lib/lake/lake.ts";
import type { Instance, Raw } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { SIGHTING_FILTER } from "../../lib/typetags/sighting.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";
import { normalForm } from "../normal_form.ts";
import { readVectors } from "../vectors.ts";
import { collect } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

/** Opens an empty lake and an empty archive; `close` removes both. */
export type OpenArchive = () => Promise<
  { lake: CacheLake; archive: InstanceStore; close(): Promise<void> }
>;

type ArchiveCase = {
  id: string;
  note: string;
  fault: string | null;
  key: string;
  cache_doc: { [name: string]: unknown };
  file_b64: string | null;
  plaintext_b64: string;
  returned: boolean;
  log: [level: string, error: string | null][];
  raw_doc_json: string | null;
};
type Sequence = {
  note: string;
  items: { typetag: string; orgid: string; timezone: string; plaintext: string }[];
  tahoe_docs_json: string[];
};

const publicKey = await importPublicKey(await readVectors("envelopes/pub2048.pem"));
const privateKey = await importPrivateKey(await readVectors("envelopes/priv2048.pem"));
const vectors: { cases: ArchiveCase[]; sequences: Sequence[] } = JSON.parse(
  await readVectors("archive/archive_one.json"),
);

/** Registers tests of archiveBatch, from claimed entries to Raws, on a backend. */
export function archiveSuite(name: string, open: OpenArchive): void {
  const withStores = testOn(name, open);
  const test = (
    behaviour: string,
    body: (lake: CacheLake, options: ArchiveOptions) => Promise<void>,
  ) =>
    withStores(`archiveBatch ${behaviour}`, ({ lake, archive }) =>
      body(lake, {
        lake,
        archive,
        keys: [privateKey],
        first: "eax",
        typetags: ["*"],
        filters: new Map(),
        maxBytes: 1_000_000,
        maxAttempts: 3,
        retryAfter: () => 5,
        now: () => 1000,
      }));

  test("agrees with every vector whose entry the API could have written", async (lake, options) => {
    const possible = vectors.cases.filter(isUpload);
    equal(possible.length > 0, true);
    for (const vector of possible) {
      const { id, cache_doc, returned, raw_doc_json } = vector;
      const bytes = fromBase64(vector.file_b64!);
      await lake.submit([{ ...cache_doc, bytes } as unknown as Upload]);
      const [end] = await drain(options);
      equal(end?.outcome.state, returned || isKeptByUs(vector) ? "SUCCESS" : "ERROR", id);
      if (end?.outcome.state !== "SUCCESS") continue;
      const [stored] = await options.archive.get([end.outcome.ref]) as [Raw];
      const { _sources, ...document } = stored;
      if (returned) equal(normalForm(document), normalForm(parseJson(raw_doc_json!)), id);
      else equal(writeJson(document.data), writeJson(dataKeptByUs(vector)), id);
      deepEqual(_sources?.map((source) => source.timestamp), [1600000000.5], id);
    }
  });

  test("keeps one Raw for equal data, with every source", async (lake, options) => {
    for (const { note, items, tahoe_docs_json } of vectors.sequences) {
      for (const instance of await collect(options.archive.all())) {
        await options.archive.remove(instance._hash);
      }
      for (const [index, { plaintext, ...entry }] of items.entries()) {
        await lake.submit([await upload(plaintext, { ...entry, timestamp: index })]);
        await drain(options);
      }
      const stored = await collect(options.archive.all()) as Raw[];
      const documents = stored.map(({ _sources, ...document }) => normalForm(document)).sort();
      const expected = tahoe_docs_json.map((text) => normalForm(parseJson(text))).sort();
      deepEqual(documents, expected, note);
      const sources = stored.flatMap((raw) => raw._sources ?? []).toSorted((a, b) =>
        a.timestamp - b.timestamp
      );
      deepEqual(
        sources.map(({ orgid, timezone }) => ({ orgid, timezone })),
        items.map(({ orgid, timezone }) => ({ orgid, timezone })),
        note,
      );
    }
  });

  test(
    "reads uploads compressed, in UTF-16 and with a mark as plain ones",
    async (lake, options) => {
      const text = '{"ipv4": "192.0.2.1"}';
      const utf8 = Buffer.from(text);
      const marked = Buffer.from(`\ufeff${text}`);
      const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
      const all = [utf8, marked, utf16, gzipSync(utf8), gzipSync(marked), gzipSync(utf16)];
      await lake.submit(await Promise.all(all.map((bytes) => uploadBytes(bytes))));
      const ends = await drain(options);
      deepEqual(ends.map(({ outcome }) => outcome.state), all.map(() => "SUCCESS"));
      const [raw, ...others] = await collect(options.archive.all()) as Raw[];
      deepEqual([{ ...raw!.data as object }, others.length], [{ ipv4: "192.0.2.1" }, 0]);
    },
  );

  test(
    "quarantines gzip that unfolds to more than the limit or is damaged",
    async (lake, options) => {
      const bomb = gzipSync(Buffer.alloc(2_000_000));
      await lake.submit([
        await uploadBytes(bomb),
        await uploadBytes(gzipSync("{}").subarray(0, -9)),
      ]);
      const ends = await drain(options);
      const reasons = ends.map(({ outcome }) =>
        outcome.state === "ERROR" ? outcome.reason : "none"
      );
      match(
        reasons.sort().join("\n"),
        /^ENTRY_INVALID: .* damaged .*\nTOO_LARGE: .* 1000000 bytes/,
      );
    },
  );

  test("reads a list that is not UTF-8, and counts that", async (lake, options) => {
    const list = Buffer.from("http://a.example/\xe9\n# none\n", "latin1");
    await lake.submit([await uploadBytes(list, { typetag: "openphish_feed" })]);
    const [end] = await drain({ ...options, filters: FILTERS });
    equal(end?.outcome.state, "SUCCESS");
    equal(end?.filtered?.events[0]?.data["url"]?.[0], "http://a.example/é");
    deepEqual(end?.filtered?.skipped, {
      "charset other than UTF-8 (read as windows-1252)": 1,
      "entry without an http, https or ftp URL": 1,
    });
    const raws = (await collect(options.archive.all())).filter(({ itype }) => itype === "raw");
    equal(Object.keys((raws as Raw[])[0]?._sources?.[0]?.skipped as object).length, 2);
  });

  test(
    "quarantines an unsupported typetag, and archives it once it is supported",
    async (lake, options) => {
      await lake.submit([await upload("{}", { typetag: "my_sensor" })]);
      const [end] = await drain({ ...options, typetags: [] });
      equal(end?.outcome.state, "NOT_SUPPORTED");
      equal((await lake.list({ states: ["NOT_SUPPORTED"] }, 10)).length, 1);
      equal(await lake.reopen({ states: ["NOT_SUPPORTED"] }), 1);
      deepEqual(states(await drain({ ...options, typetags: ["my_sensor"] })), ["SUCCESS"]);
    },
  );

  test(
    "asks what a typetag that it does not know may mean, if that is near to a known one",
    async (lake, options) => {
      await lake.submit([await upload("{}", { typetag: "cowire" })]);
      await lake.submit([await upload("{}", { typetag: "my_sensor" })]);
      const ends = await drain({ ...options, typetags: [] });
      deepEqual(
        ends.map(({ outcome }) => "reason" in outcome && outcome.reason),
        [
          "Typetag cowire is not supported. Did you mean cowrie? Add it to archive.aliases or " +
          "archive.typetags, then replay",
          "Typetag my_sensor is not supported. Add it to archive.typetags, then replay",
        ],
      );
    },
  );

  test(
    "refuses a file that is too large before it is read, and one that is damaged",
    async (lake, options) => {
      const sound = await upload("x".repeat(2000));
      const damaged = sound.bytes.with(300, sound.bytes[300]! ^ 1);
      await lake.submit([sound, { ...sound, bytes: damaged, timestamp: 2 }]);
      const ends = await drain({ ...options, maxBytes: 2000 });
      deepEqual(states(ends), ["ERROR", "ERROR"]);
      const listed = await lake.list({ states: ["ERROR"] }, 10);
      equal(listed.every(({ reason }) => reason?.startsWith("TOO_LARGE")), true);
      await lake.reopen({});
      deepEqual(states(await drain(options)).toSorted(), ["ERROR", "SUCCESS"]);
      match((await lake.list({ states: ["ERROR"] }, 10))[0]!.reason!, /^ENVELOPE_REJECTED: /);
    },
  );

  test(
    "gives entries back while the archive fails, and ends them after max_attempts",
    async (lake, options) => {
      await lake.submit([await upload("1"), await upload("2", { timestamp: 2 })]);
      const failing = withPut(options.archive, () => Promise.reject(new Error("disk full")));
      let clock = 1000;
      const now = () => clock;
      const seen: string[][] = [];
      for (; clock < 1200; clock += 6) {
        const claims = await claim(lake, clock);
        if (claims.length === 0) continue;
        seen.push(states(await work(claims, { ...options, archive: failing, now })));
      }
      deepEqual(seen[0], ["RETRY", "RETRY"]);
      deepEqual(seen.slice(1).map((states) => states.length), [1, 1, 1, 1]);
      deepEqual(seen.slice(1).flat().toSorted(), ["ERROR", "ERROR", "RETRY", "RETRY"]);
      match(
        (await lake.list({ states: ["ERROR"] }, 10))[0]!.reason!,
        /3 attempts: Error: disk full/,
      );
      equal(await lake.reopen({ states: ["ERROR"] }), 2);
      deepEqual(states(await drain(options)), ["SUCCESS", "SUCCESS"]);
    },
  );

  test(
    "ends an entry that killed its worker max_attempts times, without touching it",
    async (lake, options) => {
      await lake.submit([await upload("1")]);
      for (let attempt = 1; attempt <= 3; attempt++) {
        equal((await claim(lake, attempt * 1000)).length, 1);
      }
      const claims = await claim(lake, 4000);
      equal(claims[0]?.attempts, 4);
      const [end] = await work(claims, options);
      equal(end?.outcome.state, "ERROR");
      match((end!.outcome as { reason: string }).reason, /3 attempts: the worker died/);
      equal((await options.archive.count())["raw"] ?? 0, 0);
    },
  );

  test("stores the other Raws of a batch when the store rejects one", async (lake, options) => {
    await lake.submit(await Promise.all(["1", "2", "3"].map((text) => upload(text))));
    const rejecting = withPut(options.archive, (instances) => {
      if (instances.some((instance) => instance.data === 2n)) {
        return Promise.reject(new Rejected("DOCUMENT_TOO_LARGE", "too large"));
      }
      return options.archive.put(instances);
    });
    const ends = await drain({ ...options, archive: rejecting });
    deepEqual(states(ends).toSorted(), ["ERROR", "SUCCESS", "SUCCESS"]);
  });

  test(
    "makes events if there is a filter, and records whose events were rejected",
    async (lake, options) => {
      const record = { ipv4: "192.0.2.1", timestamp: 5 };
      await lake.submit([
        await upload(JSON.stringify(record), { timestamp: 1 }),
        await upload("{}", { timestamp: 2 }),
        await upload(JSON.stringify(record), { timestamp: 3, typetag: "constructor" }),
      ]);
      const ends = await drain({ ...options, filters: new Map([["sighting", SIGHTING_FILTER]]) });
      deepEqual(states(ends), ["SUCCESS", "SUCCESS", "SUCCESS"]);
      deepEqual(await options.archive.count(), { attribute: 1, event: 1, raw: 3 });
      const [rejected, ...others] = await lake.list({ events: "rejected" }, 10);
      deepEqual([rejected?.timestamp, rejected?.events, others], [2, "rejected", []]);
      match(rejected!.reason!, /^EVENTS_INVALID: /);
      equal(await lake.reopen({ events: "rejected" }), 1);
      await drain({ ...options, filters: new Map() });
      deepEqual(await lake.list({ events: "rejected" }, 10), []);
    },
  );

  test("settles nothing after another worker has claimed the entry", async (lake, options) => {
    await lake.submit([await upload("1")]);
    const late = await claim(lake, 1000);
    const prompt = await claim(lake, 2000);
    equal(late.length, 1);
    equal(prompt[0]?.attempts, 2);
    deepEqual((await work(late, options)).map((end) => end.lost), [true]);
    equal((await lake.status(2001)).counts.CLAIMED, 1);
    deepEqual((await work(prompt, options)).map((end) => end.lost), [false]);
    deepEqual(await options.archive.count(), { raw: 1 });
  });
}

/** Whether the case's entry can be submitted through the interface of the lake. */
function isUpload({ fault, key, cache_doc, file_b64 }: ArchiveCase): boolean {
  const { typetag, orgid, timezone, timestamp } = cache_doc;
  return file_b64 !== null && key === "envelopes/priv2048.pem" && typeof typetag === "string" &&
    typeof orgid === "string" && typeof timezone === "string" && typeof timestamp === "number" &&
    "fid" in cache_doc && !["nofile", "corrupt", "shortchunk"].includes(fault ?? "");
}

/** Whether we archive data that the existing system cannot, because its database driver refuses it. */
function isKeptByUs({ log }: ArchiveCase): boolean {
  const refusals = ["InvalidDocument", "OverflowError", "UnicodeEncodeError"];
  return log.some(([, error]) => error !== null && refusals.includes(error));
}

/** Names with `$` or `.` are kept; data that BSON cannot hold exactly is kept as text. */
function dataKeptByUs({ log, plaintext_b64 }: ArchiveCase): Value {
  const text = new TextDecoder().decode(fromBase64(plaintext_b64));
  const hasOddNames = log.some(([, error]) => error === "InvalidDocument") &&
    !text.includes("\\u0000");
  return hasOddNames ? parseJson(text) : { data: text };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}

function upload(text: string, fields: Partial<Upload> = {}): Promise<Upload> {
  return uploadBytes(new TextEncoder().encode(text), fields);
}

async function uploadBytes(
  plaintext: Uint8Array,
  fields: Partial<Upload> = {},
): Promise<Upload> {
  return {
    name: "test",
    orgid: "0f".repeat(32),
    timezone: "UTC",
    typetag: "sighting",
    timestamp: 1,
    ...fields,
    bytes: await sealEnvelope(plaintext, publicKey),
  };
}

function claim(lake: CacheLake, now: number): Promise<Claim[]> {
  return lake.claim({ owner: `worker at ${now}`, limit: 64, lease: 60, now });
}

async function work(claims: readonly Claim[], options: ArchiveOptions): Promise<ClaimOutcome[]> {
  return (await collect(archiveBatch(claims, options))).flat();
}

async function drain(options: ArchiveOptions): Promise<ClaimOutcome[]> {
  const ends: ClaimOutcome[] = [];
  while (true) {
    const claims = await claim(options.lake, 1000);
    if (claims.length === 0) return ends;
    ends.push(...await work(claims, options));
  }
}

function states(ends: readonly ClaimOutcome[]): string[] {
  return ends.map((end) => end.outcome.state);
}

/** The store with another `put`, which fails as a real one does only on a bad day. */
function withPut(store: InstanceStore, put: (instances: readonly Instance[]) => Promise<void>) {
  return new Proxy(store, {
    get: (target, name) => name === "put" ? put : Reflect.get(target, name).bind(target),
  });
}
