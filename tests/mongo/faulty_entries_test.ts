import { deepEqual, equal, match, ok } from "../assert.ts";
import { Binary, Decimal128, type Document, Double, Long, MinKey, ObjectId } from "mongodb";
import { purge } from "../../lib/lake/purge.ts";
import { drain, elapsed } from "../suites/lake/fixtures.ts";
import { testLake as test } from "./open_lake.ts";

const NOW = 1_700_000_000;

function sound(timestamp: number): Document {
  return { timestamp, processed: false, name: "n", orgid: "o", typetag: "t", timezone: "UTC" };
}

/** A lease that has run out, with a field in place of a sound one. */
function lease(fields: Document): Document {
  return { claim: { owner: "o", until: 1, attempts: 1, ...fields } };
}

/** Keeps the driver from giving a document with `_id: null` another one. */
const AS_IT_IS = { forceServerObjectId: true };

/** Documents that nobody could claim, or that kept all others from being claimed. */
const FAULTS: readonly [string, Document, RegExp][] = [
  ["claim a string", { claim: "x" }, /^claim is a string, not an object$/],
  ["claim null", { claim: null }, /^claim is null, /],
  ["claim a number", { claim: 5 }, /^claim is a whole number, /],
  ["claim a date", { claim: new Date(0) }, /^claim is a date, /],
  ["claim true", { claim: true }, /^claim is true, /],
  ["claim an ObjectId", { claim: new ObjectId() }, /^claim is an ObjectId, /],
  ["claim an empty list", { claim: [] }, /^claim is a list, /],
  ["claim a list of scalars", { claim: [1, "x"] }, /^claim is a list, /],
  ["claim a list with a lease", { claim: [{ until: 0 }] }, /^claim is a list, /],
  ["claim a list with a lease that holds", { claim: [{ until: NOW + 99 }] }, /^claim is a list, /],
  ["attempts a string", lease({ attempts: "1" }), /^claim.attempts is a string, /],
  ["attempts a list", lease({ attempts: [1] }), /^claim.attempts is a list, /],
  ["attempts 2^63 - 1", lease({ attempts: Long.MAX_VALUE }), /^claim.attempts is a whole number, /],
  [
    "attempts Decimal128 1E+6000",
    lease({ attempts: Decimal128.fromString("1E+6000") }),
    /^claim.attempts is a Decimal128, /,
  ],
  ["attempts NaN", lease({ attempts: NaN }), /^claim.attempts is NaN, /],
  ["attempts below 0", lease({ attempts: -5 }), /^claim.attempts is a whole number, /],
  [
    "until Decimal128",
    lease({ until: Decimal128.fromString("1") }),
    /^claim.until is a Decimal128, not a time in seconds$/,
  ],
  ["until a string", lease({ until: "x" }), /^claim.until is a string, /],
  ["until NaN", lease({ until: NaN }), /^claim.until is NaN, /],
  ["until Infinity", lease({ until: Infinity }), /^claim.until is Infinity, /],
  ["until a number that is no time", lease({ until: 1e300 }), /^claim.until is a number, /],
  ["until a list", lease({ until: [NOW + 99] }), /^claim.until is a list, /],
  ["until an empty list", lease({ until: [] }), /^claim.until is a list, /],
  ["until null", lease({ until: null }), /^claim.until is null, /],
  ["until MinKey", lease({ until: new MinKey() }), /^claim.until is MinKey, /],
  ["owner a number", lease({ owner: 5 }), /^claim.owner is a whole number, /],
  ["owner a list", lease({ owner: ["o"], until: NOW + 99 }), /^claim.owner is a list, /],
  ["reason a date", lease({ reason: new Date(0), until: NOW + 99 }), /^claim.reason is a date, /],
  ["attempts in binary", lease({ attempts: new Binary(), until: NOW + 99 }), /^claim.attempts is /],
  ["attempts a fraction", lease({ attempts: 1.5, until: NOW + 99 }), /^claim.attempts is a number/],
  ["_id a string", { _id: "no ObjectId" }, /^_id is a string, not an ObjectId$/],
  ["_id a number", { _id: new Double(0.5) }, /^_id is a number, /],
  ["_id an object", { _id: { a: [1] } }, /^_id is an object, /],
  ["_id null", { _id: null }, /^_id is null, /],
  ["_ref a string", { _ref: "x" }, /^_ref is a string, not a list$/],
  ["processed a string", { processed: "false" }, /^processed is a string, not true or false$/],
  ["processed 0", { processed: 0 }, /^processed is a whole number, /],
  ["processed a list", { processed: [false] }, /^processed is a list, /],
  ["processed a list of all", { processed: [true, false] }, /^processed is a list, /],
];

for (const [what, fields, reason] of FAULTS) {
  test(`claim sets aside an entry with ${what}, and takes the others`, async (opened) => {
    const { lake, entries } = opened;
    await entries.insertMany([sound(1), { ...sound(2), ...fields }, sound(3)], AS_IT_IS);
    const { claims, setAside } = await drain(lake);
    deepEqual(claims.map(({ entry }) => entry["timestamp"]), [1n, 3n]);
    deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
    const [entry, ...more] = await lake.list({ states: ["ERROR"] }, 10);
    deepEqual(more, []);
    equal(entry!.timestamp, 2);
    match(entry!.reason!, reason);
    deepEqual(setAside, [{ id: entry!.id, reason: entry!.reason!, kept: false }]);
    deepEqual((await lake.list({ ids: [entry!.id] }, 10)).map(({ id }) => id), [entry!.id]);
    const { counts } = await lake.status(NOW);
    deepEqual([counts.ERROR, counts.CLAIMED, counts.WAITING], [1, 2, 0]);
  });
}

/** Lists in two fields of one order, which no index can hold, nor the server sort by. */
const TWO_LISTS: readonly [string, Document, RegExp][] = [
  ["until and timestamp", lease({ until: [1, 2] }), /^claim.until is a list, /],
  ["claim and timestamp", { claim: [{ until: 1 }, { until: 2 }] }, /^claim is a list, /],
];

for (const [what, fields, reason] of TWO_LISTS) {
  test(`claim without an index sets aside an entry with lists as ${what}`, async (opened) => {
    const { lake, entries } = opened;
    await entries.dropIndexes();
    await entries.insertMany([sound(1), { ...sound(2), ...fields, timestamp: [3, 4] }, sound(5)]);
    await lake.waitForWork(10, new AbortController().signal);
    const { claims, setAside } = await drain(lake);
    deepEqual(claims.map(({ entry }) => entry["timestamp"]), [1n, 5n]);
    deepEqual(setAside.length, 1);
    match(setAside[0]!.reason, reason);
    equal((await lake.status(NOW)).counts.ERROR, 1);
    equal((await lake.list({ states: ["ERROR"] }, 10)).length, 1);
  });
}

test("status, list and waitForWork answer while no entry can be read", async (opened) => {
  const { lake, entries } = opened;
  await entries.insertMany(FAULTS.map(([, fields]) => ({ ...sound(1), ...fields })), AS_IT_IS);
  const { maxAttempts, oldestWaiting } = await lake.status(NOW);
  deepEqual({ maxAttempts, oldestWaiting }, { maxAttempts: 1, oldestWaiting: 1 });
  equal((await lake.list({}, 100)).length, FAULTS.length);
  await lake.waitForWork(10, new AbortController().signal);
  const { claims, setAside } = await drain(lake);
  deepEqual([claims.length, setAside.length], [0, FAULTS.length]);
  deepEqual(await drain(lake), { claims: [], setAside: [] });
  equal((await lake.status(NOW)).counts.ERROR, FAULTS.length);
});

for (const [what, until] of [["an empty list", []], ["the least key", new MinKey()]] as const) {
  test(`waitForWork resolves at once beside an entry whose lease ends at ${what}`, async (opened) => {
    const { lake, entries } = opened;
    await drain(lake);
    await entries.insertMany([{ ...sound(1), ...lease({ until }) }, sound(2)], AS_IT_IS);
    const waits: number[] = [];
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) waits.push(await elapsed(lake.waitForWork(20_000, signal)));
    ok(Math.min(...waits) < 900, `${waits} ms`);
  });
}

test("claim steps over an entry to which nothing can be written", async (opened) => {
  const { lake, entries, db } = opened;
  await entries.insertMany([sound(1), { ...sound(2), name: "locked" }, sound(3)]);
  const validator = { $or: [{ name: { $ne: "locked" } }, { claim: null, processed: false }] };
  await db.command({ collMod: entries.collectionName, validator });
  const { claims, setAside } = await drain(lake);
  deepEqual(claims.map(({ entry }) => entry["timestamp"]).toSorted(), [1n, 3n]);
  deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
  deepEqual(setAside.map(({ kept }) => kept), [true]);
  match(setAside[0]!.reason, /^MongoDB refuses to write a claim to it \(code 121\)$/);
  deepEqual(await drain(lake), { claims: [], setAside: [] });
});

test("ids tell entries apart whose _ids look the same", async ({ lake, entries }) => {
  const id = new ObjectId();
  const ids = [id, String(id), true, "true", '"true"', 5, "5", null, "null", "x", "{"];
  await entries.insertMany(
    ids.map((_id) => ({ ...sound(1), processed: true, state: "ERROR", _id } as Document)),
    AS_IT_IS,
  );
  const listed = (await lake.list({ states: ["ERROR"] }, 100)).map((entry) => entry.id);
  equal(new Set(listed).size, ids.length);
  for (const one of listed) {
    deepEqual((await lake.list({ ids: [one] }, 100)).map((entry) => entry.id), [one]);
  }
  for (const operator of ['{"$regularExpression":{"pattern":"x","options":""}}', '{"$gt":""}']) {
    deepEqual(await lake.list({ ids: [operator] }, 100), []);
  }
});

test("purge steps over a thousand entries that nothing can name", async ({ lake, entries }) => {
  const finished = { processed: true, orgid: "o", typetag: "t", timezone: "UTC" };
  // The driver reads a UUID of two bytes as one of sixteen.
  const unnameable = Array.from({ length: 1005 }, (_, i) => ({
    ...finished,
    _id: new Binary(new Uint8Array([i >> 8, i & 255]), Binary.SUBTYPE_UUID) as unknown as ObjectId,
    timestamp: 10 + i,
    name: "unnameable",
  }));
  const others = [5, 500, 1500].map((timestamp) => ({ ...finished, timestamp, name: "other" }));
  await entries.insertMany([...unnameable, ...others]);
  const purged: string[] = [];
  const result = await purge({
    lake,
    filter: { states: ["SUCCESS"] },
    signal: new AbortController().signal,
    purged: (gone) => purged.push(...gone.map(({ name }) => name)),
  });
  deepEqual(result, { purged: 3, unnameable: 1005 });
  deepEqual(purged, ["other", "other", "other"]);
  equal(await entries.countDocuments({ name: "unnameable" }), 1005);
});
