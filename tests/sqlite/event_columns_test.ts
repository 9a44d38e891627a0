import { deepEqual, equal, ok } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import type { HashOrBytes } from "../../lib/graph/edge_follower.ts";
import { EVENT_COLUMNS, EventColumnsReader } from "../../lib/sqlite/event_columns.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { ReferenceNumbers } from "../../lib/sqlite/reference_numbers.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash, Instance } from "../../lib/tahoe/instance.ts";
import { object } from "../../lib/tahoe/object.ts";
import { digits } from "../digits.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };
const [IP, NAME] = [attribute("ipv4", "192.0.2.1"), attribute("filename", "a.exe")];
const FILE = object("file", [NAME]);
const LONG = attribute("comment", "long ".repeat(1000));
const OWN = { orgid: "o", timestamp: 5.25 };
const SEEN = event("sighting", [FILE, IP], { ...OWN, malicious: [IP] });

/** Reads the events of a file in columns, after `change` was made to it by hand. */
async function read(instances: readonly Instance[], change?: string) {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    await new SqliteInstances(sqlite, COLLECTION).put(instances);
    if (change !== undefined) db.exec(change);
    return await sqlite.read((prepare) => {
      const row = prepare(
        `SELECT ${EVENT_COLUMNS} FROM (SELECT * FROM instances WHERE itype = 1 ORDER BY id)`,
      ).get()!;
      const hashes: Hash[] = [];
      const numberOf = (hash: HashOrBytes) => hashes.push(digits(hash)) - 1;
      const events = new EventColumnsReader(new ReferenceNumbers(numberOf)).read(prepare, row);
      return events?.map((event) => ({
        ...event,
        hash: digits(event.hash),
        references: event.references.map((number) => hashes[number]),
      }));
    });
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

Deno.test("EventColumnsReader reads events as their documents say", async () => {
  const other = event("sighting", IP, { orgid: "p", timestamp: -1.5 });
  const timeless = event("sighting", NAME, { orgid: "p", timestamp: Infinity });
  const events = await read([IP, NAME, FILE, SEEN, timeless, other, LONG]);
  deepEqual(
    events,
    [SEEN, other].map(({ _hash, _ref, timestamp, category, orgid }) => ({
      hash: _hash,
      timestamp,
      category,
      references: _ref,
      orgid,
    })),
  );
});

const UNUSUAL: readonly (readonly [string, Instance, string?])[] = [
  ["a whole number as its time", { ...SEEN, timestamp: 5n as never }],
  ["no organisation", { ...SEEN, orgid: 5 as never }],
  ["a reference that is not a hash", { ...SEEN, _ref: [...SEEN._ref, "x"] }],
  ["a hash that is not one", { ...SEEN, _hash: "x" }],
  [
    "a compressed document",
    event("sighting", [LONG, IP], OWN),
    "UPDATE instances SET document = x'01'",
  ],
  ["a missing document", SEEN, "UPDATE instances SET document = NULL"],
  ["a document that is cut short", SEEN, "UPDATE instances SET document = substr(document, 1, 9)"],
  ["a template that is not there", SEEN, "UPDATE instances SET template = 99"],
  ["an organisation that is not there", SEEN, "UPDATE instances SET organisation = 99"],
  ["an attribute that is not there", SEEN, `DELETE FROM instances WHERE hash = x'${IP._hash}'`],
];

for (const [what, unusual, change] of UNUSUAL) {
  Deno.test(`EventColumnsReader leaves an event with ${what} to others`, async () => {
    ok(await read([IP, NAME, FILE, SEEN]) !== undefined);
    equal(await read([IP, NAME, FILE, LONG, unusual], change), undefined);
  });
}
