import { deepEqual, equal, match, ok } from "../assert.ts";
import { BSON, type Document, ObjectId } from "mongodb";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { drain, NOW, question } from "../suites/inbox/fixtures.ts";
import { document, testInbox as test } from "./open_inbox.ts";

const [WAIT, PROCESSING] = ["wait", "processing"].map((status) =>
  attribute("status", status)._hash
);

/** Bytes of the largest document that the server stores. */
const MAX_BYTES = 2 ** 24;

function text(bytes: number): string {
  return "x".repeat(bytes);
}

/** A list whose members take a few bytes, so that a document has very many of them. */
function nulls(count: number): readonly null[] {
  return new Array(count).fill(null);
}

/** A document in which some fields are there twice: the server takes it. */
class Repeating extends Map<string, unknown> {
  readonly #fields: readonly (readonly [string, unknown])[];

  constructor(...documents: readonly Document[]) {
    super();
    this.#fields = documents.flatMap((document) => Object.entries(document));
  }

  override entries(): MapIterator<[string, unknown]> {
    return this.#fields[Symbol.iterator]() as MapIterator<[string, unknown]>;
  }
}

/** Enlarges a query so that so many bytes are missing to the largest document. */
function withRoom(query: Document, room: number): Document {
  const whole = { _id: new ObjectId(), ...query, more: "" };
  return { ...whole, more: text(MAX_BYTES - BSON.calculateObjectSize(whole) - room) };
}

const LEASE = { owner: "o", until: 1, attempts: 1 };
const PROCESSED = { _cref: [PROCESSING], _ref: [PROCESSING] };
const LONG_OWNER = { ...PROCESSED, claim: { ...LEASE, until: NOW + 99, owner: text(9e6) } };
const DATA = { status: ["wait"], timestamp: [1], qtype: ["count"], qdata: ["x"], userid: ["u"] };

/** Queries that are not worked on, and why. */
const QUARANTINED: readonly [string, () => Document, RegExp][] = [
  ["an owner of 9 MB under a lease", () => document(2, LONG_OWNER), /^its document is too large$/],
  ["a field of its own of 15 MB", () => document(2, { more: text(15e6) }), /too large$/],
  ["data of 70 KB", () => document(2, { data: { ...DATA, more: [text(7e4)] } }), /too large$/],
  ["a question of 5 MB", () => document(2, { data: { ...DATA, qdata: [text(5e6)] } }), /too large/],
  ["a _hash of 9 MB", () => document(2, { _hash: text(9e6) }), /too large$/],
  ["an _id of 5 MB", () => document(2, { _id: text(5e6) }), /^_id is not an ObjectId$/],
  ["a million references", () => document(2, { _ref: nulls(1_000_000) }), /too large$/],
  ["5,000 references", () => document(2, { _ref: nulls(5000) }), /has more than 2000 fields$/],
  [
    "10 bytes of room",
    () => withRoom(document(2), 10),
    /^its document has no room for the reason$/,
  ],
  ["99 bytes of room", () => withRoom(document(2), 99), /^its document is too large$/],
  ["10 bytes of room, processing", () => withRoom(document(2, PROCESSED), 10), /no room/],
  [
    "two of data",
    () => new Repeating(document(2), { data: DATA }),
    /^the field data is there more /,
  ],
  ["two of _cref", () => new Repeating(document(2), { _cref: [] }), /^the field _cref is there /],
  [
    "two of claim",
    () => new Repeating(document(2), { claim: LEASE }, { claim: 5 }),
    /^the field cl/,
  ],
  [
    "two of quarantine",
    () => new Repeating(document(2), { quarantine: 1 }, { quarantine: 1 }),
    /qu/,
  ],
  [
    "two statuses",
    () => document(2, { data: new Repeating(DATA, DATA) }),
    /^the field data.status/,
  ],
  [
    "a reference alone, no list",
    () => document(2, { _cref: WAIT, _hash: 5 }),
    /^its document has no/,
  ],
];

for (const [what, make, reason] of QUARANTINED) {
  test(`claim puts a query with ${what} into quarantine`, async ({ inbox, documents }) => {
    const asked = { ...make() };
    const made = make();
    await documents.insertMany([document(1), made instanceof Map ? made : asked, document(3)], {
      forceServerObjectId: true,
    });
    await inbox.status(NOW);
    const { claims, setAside } = await drain(inbox);
    const ids = [1, 3].map((number) => question(number).query._hash);
    deepEqual(claims.map(({ id }) => id).toSorted(), ids.toSorted());
    deepEqual(setAside.map(({ kept }) => kept), [false]);
    const [query, ...more] = await inbox.quarantined(10);
    deepEqual(more, []);
    match(query!.reason, reason);
    const { length } = JSON.stringify(query);
    ok(length < 10_000, String(length));
    deepEqual(await drain(inbox), { claims: [], setAside: [] });
    const { counts: { wait, processing }, quarantined } = await inbox.status(NOW);
    deepEqual([wait, processing, quarantined], [0, 2, 1]);
    equal(await inbox.dropQuarantined(), 1);
    deepEqual(await inbox.quarantined(10), []);
  });
}
