import { deepEqual, equal, match, ok } from "../assert.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Attribute, TahoeObject } from "../../lib/tahoe/instance.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { ask, drain, NOW, question, questionWith } from "../suites/inbox/fixtures.ts";

type Query = { readonly query: TahoeObject; readonly parts: readonly Attribute[] };

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/";

/** A text that does not become much shorter when it is packed. */
function random(length: number): string {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += 65_536) {
    crypto.getRandomValues(bytes.subarray(start, start + 65_536));
  }
  return Array.from(bytes, (byte) => ALPHABET[byte % 64]).join("");
}

/** The second query with attributes in place of those of the same sub-types. */
function withParts(...parts: readonly Attribute[]): Query {
  return { query: questionWith(2, parts), parts };
}

/** The same with fields of its own. */
function withFields(fields: Fields): Query {
  return { query: { ...question(2).query, ...fields } as TahoeObject, parts: [] };
}

/** Queries that are not worked on. */
const HUGE: readonly [string, () => Query][] = [
  ["a question of 6 MB", () => withParts(attribute("qdata", "x".repeat(6e6)))],
  ["a question of 5 MB at random", () => withParts(attribute("qdata", random(5e6)))],
  [
    "ten attributes of 1 MB",
    () => withParts(...ALPHABET.slice(10, 20).split("").map((x) => attribute(x, x.repeat(1e6)))),
  ],
  ["a field of its own of 6 MB", () => withFields({ more: "x".repeat(6e6) })],
  ["a field of its own of 1 MB at random", () => withFields({ more: random(1e6) })],
  ["a million references", () => withFields({ more: new Array(1e6).fill(null) })],
];

for (const [what, make] of HUGE) {
  Deno.test(`SqliteInbox puts a query with ${what} into quarantine`, async () => {
    const sqlite = openSqlite(":memory:");
    try {
      const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
      const [first] = await ask(inbox, 1);
      const { query, parts } = make();
      await inbox.ask(query, [...question(2).parts, ...parts]);
      const [third] = await ask(inbox, 3);
      const { claims, setAside } = await drain(inbox);
      deepEqual(claims.map(({ id }) => id), [first, third]);
      deepEqual(setAside.map(({ kept }) => kept), [false]);
      const [found, ...more] = await inbox.quarantined(10);
      deepEqual(more, []);
      match(found!.reason, /^its document is too large$/);
      const { length } = JSON.stringify(found);
      ok(length < 10_000, String(length));
      equal((await inbox.status(NOW)).quarantined, 1);
      equal(await inbox.dropQuarantined(), 1);
      deepEqual(await inbox.quarantined(10), []);
    } finally {
      await sqlite.close();
    }
  });
}

Deno.test("SqliteInbox claims a query with a question of 3 MB", async () => {
  const sqlite = openSqlite(":memory:");
  try {
    const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
    const { query, parts } = withParts(attribute("qdata", random(3e6)));
    await inbox.ask(query, [...question(2).parts, ...parts]);
    deepEqual((await drain(inbox)).claims.map(({ fault }) => fault), [undefined]);
  } finally {
    await sqlite.close();
  }
});
