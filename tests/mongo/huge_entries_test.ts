import { deepEqual, equal, match, ok } from "../assert.ts";
import { BSON, type Document, ObjectId } from "mongodb";
import { drain } from "../suites/lake/fixtures.ts";
import { testLake as test } from "./open_lake.ts";

const NOW = 1_700_000_000;

/** Bytes of the largest document that the server stores. */
const MAX_BYTES = 2 ** 24;

function sound(timestamp: number): Document {
  return { timestamp, processed: false, name: "n", orgid: "o", typetag: "t", timezone: "UTC" };
}

function text(bytes: number): string {
  return "x".repeat(bytes);
}

/** A list whose every member is a byte or a few more, so that a document has millions of them. */
function nulls(count: number): readonly null[] {
  return new Array(count).fill(null);
}

/** Enlarges a document so that so many bytes are missing to the largest one. */
function withRoom(document: Document, room: number): Document {
  const whole = { _id: new ObjectId(), ...document, more: "" };
  return { ...whole, more: text(MAX_BYTES - BSON.calculateObjectSize(whole) - room) };
}

const LEASE = { owner: "o", until: NOW + 99, attempts: 1 };

/** Large values in fields that claims and status look at, and what the entry then ends with. */
const LARGE: readonly [string, Document, RegExp][] = [
  ["an owner of 9 MB", { claim: { ...LEASE, owner: text(9e6) } }, /: claim too large$/],
  ["an owner of 2 KB", { claim: { ...LEASE, owner: text(2000) } }, /^claim.owner has more than /],
  ["a reason of 9 MB", { claim: { ...LEASE, until: 1, reason: text(9e6) } }, /: claim too large$/],
  ["an end of 9 MB", { claim: { ...LEASE, until: text(9e6) } }, /: claim too large$/],
  ["attempts of 9 MB", { claim: { ...LEASE, attempts: text(9e6) } }, /: claim too large$/],
  ["a timestamp of 9 MB", { timestamp: text(9e6) }, /: timestamp too large$/],
  ["a name and a type of 7 MB", { name: text(7e6), typetag: text(7e6) }, /: name and typetag too /],
  [
    "a field of its own of 15 MB",
    { more: text(15e6) },
    /^its document has 15000\d\d\d bytes, more /,
  ],
  ["a list of a million", { name: nulls(1_000_000) }, /: name too large$/],
  [
    "a claim of 8,000 fields",
    { claim: { more: nulls(8000) } },
    /^claim is too large, not an object/,
  ],
  ["8,000 references", { _ref: nulls(8000) }, /^_ref is too large, not a list$/],
];

for (const [what, fields, reason] of LARGE) {
  test(`status answers and claim sets aside beside an entry with ${what}`, async (opened) => {
    const { lake, entries } = opened;
    await entries.insertMany([sound(1), { ...sound(2), ...fields }, sound(3)]);
    const { counts } = await lake.status(NOW);
    equal(counts.WAITING + counts.DELAYED, 3);
    equal((await lake.list({}, 10)).length, 3);
    const { claims, setAside } = await drain(lake);
    deepEqual(claims.map(({ entry }) => entry["timestamp"]), [1n, 3n]);
    equal(setAside.length, 1);
    const [entry, ...more] = await lake.list({ states: ["ERROR"] }, 10);
    deepEqual(more, []);
    match(entry!.reason!, reason);
    equal((await lake.status(NOW)).counts.ERROR, 1);
    const { length } = JSON.stringify(entry);
    ok(length < 20_000, String(length));
  });
}

test("status answers where many owners of leases are long", async ({ lake, entries }) => {
  const owners = Array.from({ length: 20 }, (_, number) => `${number}${text(7e6)}`);
  await entries.insertMany(owners.map((owner) => ({ ...sound(1), claim: { ...LEASE, owner } })));
  const { counts, leases } = await lake.status(NOW);
  deepEqual([counts.DELAYED, leases], [20, []]);
});

for (const room of [1, 10, 60]) {
  test(`list and status name an entry with room for ${room} bytes`, async ({ lake, entries }) => {
    const full = withRoom(sound(2), room);
    await entries.insertMany([sound(1), full, sound(3)]);
    const { claims, setAside } = await drain(lake);
    deepEqual(claims.map(({ entry }) => entry["timestamp"]), [1n, 3n]);
    const id = String(full["_id"]);
    deepEqual(setAside.map(({ id, kept }) => ({ id, kept })), [{ id, kept: true }]);
    const { counts, stuck } = await lake.status(NOW);
    deepEqual([counts.WAITING, counts.CLAIMED, stuck], [1, 2, 1]);
    const [listed, ...more] = await lake.list({ stuck: true }, 10);
    deepEqual([listed!.id, listed!.state, more], [id, "WAITING", []]);
    match(listed!.reason!, /^its document has 16777\d{3} bytes, .* No room is left .* remove it$/);
    deepEqual(await lake.list({ stuck: true, ids: [id] }, 10), [listed!]);
    deepEqual(await drain(lake), { claims: [], setAside: [] });
  });
}

test("claim ends an entry that has room for its end only", async ({ lake, entries }) => {
  await entries.insertMany([400, 600, 3000].map((room) => withRoom(sound(1), room)));
  const { claims, setAside } = await drain(lake);
  deepEqual([claims.length, setAside.map(({ kept }) => kept)], [0, [false, false, false]]);
  const { counts, stuck } = await lake.status(NOW);
  deepEqual([counts.ERROR, counts.WAITING, stuck], [3, 0, undefined]);
});

test("claim sets aside entries whose _id is too large to name it", async (opened) => {
  const { lake, entries } = opened;
  const large = Array.from({ length: 4 }, (_, number) => ({
    ...sound(2),
    _id: `${number}${text(5e6)}` as unknown as ObjectId,
  }));
  await entries.insertMany([sound(1), ...large, sound(3)]);
  equal((await lake.list({ stuck: true }, 10)).length, 4);
  const { claims, setAside } = await drain(lake);
  deepEqual(claims.map(({ entry }) => entry["timestamp"]), [1n, 3n]);
  deepEqual(setAside.map(({ kept }) => kept), [false, false, false, false]);
  deepEqual(await drain(lake), { claims: [], setAside: [] });
  const { counts, stuck } = await lake.status(NOW);
  deepEqual([counts.ERROR, counts.WAITING, stuck], [4, 0, undefined]);
  const [entry] = await lake.list({ states: ["ERROR"] }, 10);
  equal(entry!.reason, "_id is not an ObjectId");
});

test("list and claim read an entry with 800,000 fields in a moment", async (opened) => {
  const { lake, entries } = opened;
  const fields = Object.fromEntries(
    nulls(800_000).map((_, number) => [number.toString(36), null]),
  );
  await entries.insertMany([sound(1), { ...sound(2), ...fields }]);
  // What the machine takes for as many fields, which the program must not read.
  const usual = await time(() => Promise.resolve(new Set(Object.keys(fields)).size));
  for (const work of [() => lake.list({}, 10), () => drain(lake), () => lake.list({}, 10)]) {
    const took = await time(work);
    ok(took < usual + 1000, `${took} ms, not ${usual} ms`);
  }
});

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
