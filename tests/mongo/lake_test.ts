import { deepEqual, equal, ok } from "../assert.ts";
import { Buffer } from "node:buffer";
import {
  Binary,
  type Db,
  Decimal128,
  type Document,
  Double,
  GridFSBucket,
  Int32,
  ObjectId,
} from "mongodb";
import { nowSeconds } from "../../lib/clock.ts";
import { Rejected } from "../../lib/errors.ts";
import { readEntry } from "../../lib/lake/entry.ts";
import type { Claim, EntryFilter } from "../../lib/lake/lake.ts";
import { ensureLakeIndices } from "../../lib/mongo/indices.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { upload } from "../suites/lake/fixtures.ts";
import { lakeSuite } from "../suites/lake_suite.ts";
import { testLake as test } from "./open_lake.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  lakeSuite("MongoLake", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "file_entries" };
    await ensureLakeIndices(mongo, collection);
    const lake = new MongoLake(mongo, collection);
    const closing = [() => lake.close()];
    return {
      lake,
      async again() {
        const other = await openMongo(url);
        const lake = new MongoLake(other, collection);
        closing.push(() => lake.close().then(() => other.close()));
        return lake;
      },
      async close() {
        for (const each of closing) await each();
        await close();
      },
    };
  });
}

const NOW = 1_700_000_000;

function claimAll(lake: MongoLake): Promise<Claim[]> {
  return lake.claim({ owner: "o", limit: 100, lease: 60, now: NOW });
}

async function readOne(lake: MongoLake): Promise<Uint8Array | Rejected | undefined> {
  for await (const [first] of lake.read(await claimAll(lake), 1e6)) return first?.file;
  return undefined;
}

test("read looks up the files of entries only if others claimed them", async (opened) => {
  const { lake, entries, db } = opened;
  await lake.submit([upload("one"), upload("two")]);
  const claims = await claimAll(lake);
  const read = async (claimed: readonly Pick<Claim, "id">[]) => {
    await db.command({ profile: 2 });
    const files: unknown[] = [];
    for await (const group of lake.read(claimed, 1e6)) {
      files.push(...group.map(({ file }) => new TextDecoder().decode(file as Uint8Array)));
    }
    await db.command({ profile: 0 });
    const profile = db.collection("system.profile");
    const lookups = await profile.countDocuments({ ns: entries.namespace, op: "query" });
    await profile.drop();
    return [files.toSorted(), lookups];
  };
  deepEqual(await read(claims), [["one", "two"], 0]);
  deepEqual(await read(claims.map(({ id }) => ({ id }))), [["one", "two"], 1]);
});

const OLD_ENTRIES: readonly [string, Document, Fields][] = [
  ["typtag and no timezone", { typtag: "unr-honeypot" }, { typtag: "unr-honeypot" }],
  ["no processed", { name: "n" }, { name: "n" }],
  ["processed null", { processed: null }, { processed: null }],
  ["timezone null", { processed: false, timezone: null }, { processed: false, timezone: null }],
  ["orgid a whole number", { orgid: new Int32(7) }, { orgid: 7n }],
  ["orgid a floating-point number", { orgid: new Double(7) }, { orgid: 7 }],
  ["a whole number as time", { timestamp: new Int32(16e8) }, { timestamp: 1_600_000_000n }],
  [
    "the traces of a corrupt file",
    { processed: false, bad_data: true, _ref: [] },
    { processed: false, bad_data: true, _ref: [] },
  ],
];

for (const [what, document, entry] of OLD_ENTRIES) {
  test(`claim returns an entry with ${what} as it is`, async ({ lake, entries }) => {
    await entries.insertOne({ ...document, fid: new ObjectId() });
    const [claim] = await claimAll(lake);
    deepEqual(claim?.entry, entry);
  });
}

test("entries of 2020 have their date, and their type with hyphens", async ({ lake, entries }) => {
  const datetime = new Date("2020-03-14T03:00:02.500Z");
  await entries.insertOne({ typtag: "unr-honeypot", orgid: "o", datetime, processed: false });
  const [claim] = await claimAll(lake) as [Claim];
  const timestamp = 1_584_154_802.5;
  deepEqual(readEntry(claim.entry), {
    typetag: "unr_honeypot",
    orgid: "o",
    timezone: "UTC",
    timestamp,
  });
  equal(readEntry(claim.entry, new Map([["unr-honeypot", "cowrie"]])).typetag, "cowrie");
  await lake.settle([{ claim, outcome: { state: "SUCCESS", ref: "abc" } }]);
  const found = async (filter: EntryFilter) =>
    (await lake.list({ states: ["SUCCESS"], ...filter }, 9)).map(({ timestamp }) => timestamp);
  deepEqual(await found({ typetags: ["unr_honeypot"], since: timestamp }), [timestamp]);
  deepEqual(await found({ typetags: ["unr-honeypot"], before: timestamp + 1 }), [timestamp]);
  deepEqual(await found({ since: timestamp + 1 }), []);
  deepEqual(await found({ before: timestamp }), []);
});

test("claim ignores finished entries of the existing archive", async ({ lake, entries }) => {
  await entries.insertMany([{ processed: true, _ref: ["a"] }, { processed: true, bad_data: true }]);
  deepEqual(await claimAll(lake), []);
  deepEqual((await lake.list({}, 10)).map(({ state }) => state), ["SUCCESS", "SUCCESS"]);
});

test("settle SUCCESS leaves what the existing archive leaves", async ({ lake, entries }) => {
  const document = { _id: new ObjectId(), timestamp: 1.5, processed: false, fid: new ObjectId() };
  await entries.insertOne({ ...document, bad_data: true });
  const [claim] = await claimAll(lake) as [Claim];
  await lake.settle([{ claim, outcome: { state: "SUCCESS", ref: "abc" } }]);
  deepEqual(await entries.findOne(), { ...document, processed: true, _ref: ["abc"] });
});

test("settle SUCCESS stores why events were rejected", async ({ lake, entries }) => {
  const document = { _id: new ObjectId(), timestamp: 1.5, processed: false, fid: new ObjectId() };
  await entries.insertOne(document);
  const [claim] = await claimAll(lake) as [Claim];
  const rejected = { events: "rejected", reason: "no address" } as const;
  await lake.settle([{ claim, outcome: { state: "SUCCESS", ref: "abc", ...rejected } }]);
  const finished = { ...document, processed: true, _ref: ["abc"], ...rejected };
  deepEqual(await entries.findOne(), finished);
  equal(await lake.reopen({ events: "rejected" }), 1);
  deepEqual(await entries.findOne(), { ...document, _ref: ["abc"] });
});

test("settle ERROR marks the entry for the existing archive, too", async ({ lake, entries }) => {
  await entries.insertOne({ processed: false });
  const [claim] = await claimAll(lake) as [Claim];
  const outcome = { state: "ERROR", reason: "corrupt", badData: true } as const;
  await lake.settle([{ claim, outcome }]);
  const { _id, ...rest } = await entries.findOne() ?? {};
  const wanted = { processed: true, skip: true, bad_data: true, attempts: 1, ...outcome };
  const { badData: _, ...fields } = wanted;
  deepEqual(rest, fields);
  equal(await lake.reopen({}), 1);
  deepEqual(await entries.findOne(), { _id, processed: false });
});

test("settle inserts nothing in place of an entry that was deleted", async ({ lake, entries }) => {
  await entries.insertOne({ processed: false });
  const [claim] = await claimAll(lake) as [Claim];
  await entries.deleteMany({});
  const outcome = { state: "SUCCESS", ref: "abc" } as const;
  deepEqual(await lake.settle([{ claim, outcome }]), [claim.id]);
  equal(await entries.countDocuments(), 0);
});

test("waitForWork does not wake for known work, but for new work", async ({ lake }) => {
  const upload = { name: "n", orgid: "o", timezone: "UTC", typetag: "t", timestamp: 1 };
  const bytes = new Uint8Array(1);
  const { signal } = new AbortController();
  await lake.submit([{ ...upload, bytes }, { ...upload, bytes }]);
  await lake.claim({ owner: "o", limit: 1, lease: 1e9, now: NOW });
  const start = performance.now();
  await lake.waitForWork(700, signal);
  const rested = performance.now() - start;
  ok(rested >= 690, String(rested));
  const waited = lake.waitForWork(20_000, signal);
  await lake.submit([{ ...upload, bytes }]);
  await waited;
  const total = performance.now() - start;
  ok(total < 5000, String(total));
});

test("waitForWork resolves when a lease runs out", async ({ lake, entries }) => {
  const until = nowSeconds() + 1;
  await entries.insertOne({ processed: false, claim: { owner: "o", attempts: 1, until } });
  await lake.waitForWork(20_000, new AbortController().signal);
  const late = nowSeconds() - until;
  ok(late >= -0.01 && late < 1, `${late} s`);
});

const FAULTS: readonly [string, string, (db: Db) => Promise<unknown>][] = [
  [
    "fid is missing",
    "FILE_MISSING",
    (db) => db.collection("file_entries").updateOne({}, { $unset: { fid: "" } }),
  ],
  [
    "fid is a string",
    "FILE_MISSING",
    (db) => db.collection("file_entries").updateOne({}, [{ $set: { fid: { $toString: "$fid" } } }]),
  ],
  ["file is missing", "FILE_MISSING", (db) => db.collection("fs.files").deleteMany({})],
  [
    "second chunk is missing",
    "FILE_CORRUPT",
    (db) => db.collection("fs.chunks").deleteOne({ n: 1 }),
  ],
  [
    "first chunk is missing",
    "FILE_CORRUPT",
    (db) => db.collection("fs.chunks").deleteOne({ n: 0 }),
  ],
  [
    "chunk is too short",
    "FILE_CORRUPT",
    (db) => db.collection("fs.chunks").updateOne({ n: 2 }, { $set: { data: new Binary() } }),
  ],
  [
    "chunk is too long",
    "FILE_CORRUPT",
    (db) =>
      db.collection("fs.chunks").updateOne({ n: 2 }, {
        $set: { data: new Binary(new Uint8Array(CHUNK_SIZE)) },
      }),
  ],
  [
    "chunk is not binary",
    "FILE_CORRUPT",
    (db) => db.collection("fs.chunks").updateOne({ n: 0 }, { $set: { data: "text" } }),
  ],
  [
    "length is a string",
    "FILE_CORRUPT",
    (db) => db.collection("fs.files").updateOne({}, { $set: { length: "long" } }),
  ],
  [
    "length is a Decimal128",
    "FILE_CORRUPT",
    (db) =>
      db.collection("fs.files").updateOne({}, {
        $set: { length: Decimal128.fromString("522340") },
      }),
  ],
  [
    "length is a list",
    "FILE_CORRUPT",
    (db) => db.collection("fs.files").updateOne({}, { $set: { length: [522340] } }),
  ],
  [
    "number of a chunk is a string",
    "FILE_CORRUPT",
    (db) => db.collection("fs.chunks").updateOne({ n: 1 }, { $set: { n: "1" } }),
  ],
  [
    "length is negative",
    "FILE_CORRUPT",
    (db) => db.collection("fs.files").updateOne({}, { $set: { length: -1 } }),
  ],
];
const CHUNK_SIZE = 255 * 1024;

for (const [what, code, damage] of FAULTS) {
  test(`read returns ${code} if the ${what}`, async ({ lake, db }) => {
    const bytes = new Uint8Array(2 * CHUNK_SIZE + 100);
    await lake.submit([
      { name: "n", orgid: "o", timezone: "UTC", typetag: "t", timestamp: 1, bytes },
    ]);
    await damage(db);
    const file = await readOne(lake);
    equal(file instanceof Rejected ? file.code : "no error", code);
  });
}

test("read takes no chunk of a list of files for one of theirs", async ({ lake, db }) => {
  const bytes = new Uint8Array([1, 2, 3]);
  const fields = { orgid: "o", timezone: "UTC", typetag: "t", timestamp: 1, bytes };
  await lake.submit([{ name: "n", ...fields }]);
  const file = await db.collection("fs.files").findOne();
  await db.collection<Document>("fs.chunks").insertOne({ files_id: [file!._id], n: 1 });
  deepEqual(await readOne(lake), bytes);
});

test("submit and read agree with the driver's own GridFS", async ({ lake, entries, db }) => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const files = new GridFSBucket(db);
  const upload = files.openUploadStream("n");
  await new Promise((resolve) => upload.end(bytes, () => resolve(undefined)));
  await entries.insertOne({ processed: false, fid: upload.id });
  deepEqual(await readOne(lake), bytes);

  await lake.submit([{
    name: "m",
    orgid: "o",
    timezone: "UTC",
    typetag: "t",
    timestamp: 1,
    bytes,
  }]);
  const chunks = await Array.fromAsync(files.openDownloadStreamByName("m"));
  deepEqual(new Uint8Array(Buffer.concat(chunks)), bytes);
});
