import { deepEqual, equal, match } from "../assert.ts";
import { Binary, Decimal128, type Document, ObjectId } from "mongodb";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { claim, drain, FAILED, NOW, question } from "../suites/inbox/fixtures.ts";
import { document, testInbox as test } from "./open_inbox.ts";

/** The same, with a value in its data. */
function withData(name: string, value: unknown): (number: number) => Document {
  return (number) => {
    const { data } = document(number) as { data: Map<string, unknown> };
    return document(number, { data: new Map([...data, [name, value]]) });
  };
}

/** The same, under a lease. */
function claimed(lease: unknown): (number: number) => Document {
  const processing = attribute("status", "processing")._hash;
  return (number) => document(number, { claim: lease, _cref: [processing], _ref: [processing] });
}

const LEASE = { owner: "o", until: 1, attempts: 1 };

/** A lease that has not run out. */
const HELD = { ...LEASE, until: NOW + 99 };

/** Queries that can only fail. */
const FAILING: readonly [string, (number: number) => Document, RegExp][] = [
  [
    "report_id a number",
    withData("report_id", 5),
    /^data.report_id is a whole number, not a list$/,
  ],
  ["report_id a string", withData("report_id", "x"), /^data.report_id is a string, /],
  ["report_id a date", withData("report_id", new Date(0)), /^data.report_id is a date, /],
  [
    "report_id binary data",
    withData("report_id", new Binary()),
    /^data.report_id is binary data, /,
  ],
  [
    "report_id a list of anything",
    withData("report_id", ["x", new ObjectId(), 5]),
    /^data.report_id\[0\] is an ObjectId, not a string$/,
  ],
  [
    "report_id Decimal128",
    withData("report_id", [Decimal128.fromString("1")]),
    /^data.report_id\[0\] is a Decimal128, /,
  ],
  ["status a string", withData("status", "wait"), /^data.status is a string, not a list$/],
  ["status a number", withData("status", 5), /^data.status is a whole number, /],
  [
    "data a list",
    (number) => document(number, { data: [{ a: 1 }] }),
    /^data is a list, not an object$/,
  ],
  ["data a date", (number) => document(number, { data: new Date(0) }), /^data is a date, /],
  ["claim null", claimed(null), /^claim is null, not an object$/],
  ["claim a string", claimed("x"), /^claim is a string, /],
  ["claim an empty list", claimed([]), /^claim is a list, /],
  ["claim a list of leases", claimed([LEASE]), /^claim is a list, not an object$/],
  ["until NaN", claimed({ ...LEASE, until: NaN }), /^claim.until is NaN, /],
  ["until Infinity", claimed({ ...LEASE, until: Infinity }), /^claim.until is Infinity, /],
  ["until a string", claimed({ ...LEASE, until: "?" }), /^claim.until is a string, /],
  ["until null", claimed({ ...LEASE, until: null }), /^claim.until is null, /],
  ["until a list", claimed({ ...LEASE, until: [NOW + 99] }), /^claim.until is a list, /],
  ["until an object", claimed({ ...LEASE, until: { a: 1 } }), /^claim.until is an object, /],
  ["owner a number", claimed({ ...HELD, owner: 5 }), /^claim.owner is a whole number, /],
  ["reason a list", claimed({ ...HELD, reason: ["x"] }), /^claim.reason is a list, /],
  ["attempts a string", claimed({ ...HELD, attempts: "1" }), /^claim.attempts is a string, /],
  ["attempts below 0", claimed({ ...HELD, attempts: -1 }), /^claim.attempts is a whole number, /],
  ["attempts a fraction", claimed({ ...HELD, attempts: 0.5 }), /^claim.attempts is a number, /],
  ["attempts null", claimed({ ...HELD, attempts: null }), /^claim.attempts is null, /],
  ["attempts without until", claimed({ attempts: "1" }), /^claim.attempts is a string, /],
  [
    "until Decimal128",
    claimed({ ...LEASE, until: Decimal128.fromString("1") }),
    /^claim.until is a Decimal128, /,
  ],
  [
    "attempts Decimal128",
    claimed({ ...LEASE, attempts: Decimal128.fromString("1E+6000") }),
    /^claim.attempts is a Decimal128, /,
  ],
  ["attempts a list", claimed({ ...LEASE, attempts: [1] }), /^claim.attempts is a list, /],
  [
    "_ref a string",
    (number) => document(number, { _ref: "x" }),
    /^_ref is a string, not a list$/,
  ],
];

for (const [what, make, reason] of FAILING) {
  test(`claim says what is wrong with a query with ${what}, and finish fails it`, async (opened) => {
    const { inbox, documents } = opened;
    await documents.insertMany([document(1), make(2), document(3)]);
    await inbox.status(NOW);
    const { claims, setAside } = await drain(inbox);
    const ids = [1, 2, 3].map((number) => question(number).query._hash);
    deepEqual(claims.map(({ id }) => id).toSorted(), ids.toSorted());
    deepEqual(setAside, []);
    for (const { id, fault } of claims) {
      if (id === ids[1]) match(fault!.reason, reason);
      else equal(fault, undefined);
    }
    const query = await inbox.find(ids[1]!);
    deepEqual(query!.data["status"], ["failed"]);
    deepEqual(query!.data["report_id"], [FAILED.report._hash]);
    const { counts } = await inbox.status(NOW);
    deepEqual([counts.processing, counts.failed, counts.wait], [2, 1, 0]);
  });
}

/** Queries to which no report can be tied. */
const QUARANTINED: readonly [string, Document, RegExp][] = [
  ["_hash a date", { _hash: new Date(0) }, /^_hash is a date, not a string$/],
  ["_hash an ObjectId", { _hash: new ObjectId() }, /^_hash is an ObjectId, /],
  ["_hash missing", { _hash: undefined }, /^_hash is missing$/],
  ["_hash a list", { _hash: ["x"], _ref: "x" }, /^_hash is a list, /],
  ["itype a list", { itype: ["object"], _ref: "x" }, /^itype is a list, /],
  ["sub_type a list", { sub_type: ["query", "x"] }, /^sub_type is a list, /],
];

for (const [what, fields, reason] of QUARANTINED) {
  test(`claim puts a query with ${what} into quarantine, once`, async ({ inbox, documents }) => {
    await documents.insertMany([document(1), document(2, fields), document(3)], {
      ignoreUndefined: true,
    });
    const { claims, setAside } = await drain(inbox);
    deepEqual(claims.length, 2);
    const [query, ...more] = await inbox.quarantined(10);
    deepEqual(more, []);
    match(query!.reason, reason);
    deepEqual(setAside, [{ id: query!.id, reason: query!.reason, kept: false }]);
    deepEqual(await drain(inbox), { claims: [], setAside: [] });
    equal((await inbox.status(NOW)).quarantined, 1);
    equal((await inbox.status(NOW)).counts.wait, 0);
    deepEqual(await inbox.quarantined(10, [query!.id]), [query!]);
    deepEqual(await inbox.quarantined(10, ["no id"]), []);
    equal(await inbox.dropQuarantined([query!.id]), 1);
    equal(await documents.countDocuments({ sub_type: "query" }), 2);
  });
}

test("claim steps over a query to which nothing can be written", async (opened) => {
  const { inbox, documents, db } = opened;
  await documents.insertMany([document(1), document(2, { locked: true }), document(3)]);
  const _cref = attribute("status", "wait")._hash;
  const validator = { $or: [{ locked: { $ne: true } }, { claim: null, quarantine: null, _cref }] };
  await db.command({ collMod: documents.collectionName, validator });
  const { claims, setAside } = await drain(inbox);
  deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
  deepEqual(setAside.map(({ kept }) => kept), [true]);
  deepEqual(await drain(inbox), { claims: [], setAside: [] });
});

test("claim gives a lease to others beside a query to which none can be written", async (opened) => {
  const { inbox, documents, db } = opened;
  const left = (number: number, fields: Document = {}) => {
    const { claim: _, ...rest } = claimed(LEASE)(number);
    return { ...rest, ...fields };
  };
  await documents.insertMany([left(1), left(2, { locked: true }), left(3)]);
  const validator = { $or: [{ locked: { $ne: true } }, { claim: null }] };
  await db.command({ collMod: documents.collectionName, validator });
  deepEqual(await claim(inbox), []);
  const claims = await claim(inbox, { now: NOW + 60 });
  deepEqual(claims.map(({ id }) => id), [1, 3].map((number) => question(number).query._hash));
});
