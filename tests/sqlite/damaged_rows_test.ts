import { deepEqual, equal, match, ok, rejects } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { verify } from "../../lib/cli/archive/verify.ts";
import { DamagedInstance } from "../../lib/errors.ts";
import { ResidentRanks } from "../../lib/graph/resident_ranks.ts";
import { findOrg, org, orgsOf } from "../../lib/identity/org.ts";
import { findUser, user } from "../../lib/identity/user.ts";
import { filterUploads } from "../../lib/lake/filter_uploads.ts";
import { storeUploads } from "../../lib/lake/store_uploads.ts";
import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import type { Damaged } from "../../lib/tahoe/instances.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import { object } from "../../lib/tahoe/object.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };
const FILTER = {
  orgids: ["o"],
  start: -Infinity,
  end: Infinity,
  category: "all",
} as const;

const NAME = attribute("filename", "a.exe");
const SIZE = attribute("size", 5n);
const FILE = object("file", [NAME, SIZE]);
const IP = attribute("ipv4", "192.0.2.1");
const SEEN = event("sighting", [FILE, IP], { orgid: "o", timestamp: 1 });
const OTHER = event("sighting", IP, { orgid: "o", timestamp: 2 });
const SOURCE = { orgid: "o", timezone: "UTC", timestamp: 1, file: "f" };
const RAW = { ...raw("unix_system_log", { a: "x" }, SOURCE), _sources: [SOURCE] };
const ALL = [NAME, SIZE, FILE, IP, SEEN, OTHER, RAW];

type Opened = {
  readonly store: SqliteInstances;
  readonly graph: SqliteGraph;
  readonly edges: SqliteEdges;
  /** Runs SQL as a hand would. */
  readonly db: DatabaseSync;
};

/** Runs a test with an archive. */
async function withArchive(body: (opened: Opened) => Promise<void>): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const store = new SqliteInstances(sqlite, COLLECTION);
    await store.put(ALL as readonly Instance[]);
    const [graph, edges] = [
      new SqliteGraph(sqlite, COLLECTION),
      new SqliteEdges(sqlite, COLLECTION),
    ];
    await body({ store, graph, edges, db });
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

function damage(db: DatabaseSync, { _hash }: Instance, assignment = "document = x'ff'"): void {
  const { changes } = db.prepare(`UPDATE instances SET ${assignment} WHERE hash = unhex(?)`)
    .run(_hash);
  equal(Number(changes), 1);
}

/** The hashes of the instances that can be read, and of those that cannot. */
async function readHashes(store: SqliteInstances): Promise<readonly [string[], string[]]> {
  const damaged: Damaged[] = [];
  const sound: string[] = [];
  for await (const { _hash } of store.all((each) => damaged.push(each))) sound.push(_hash);
  return [sound.toSorted(), damaged.map(({ hash }) => hash).toSorted()];
}

function hashes(instances: readonly Instance[]): string[] {
  return instances.map(({ _hash }) => _hash).toSorted();
}

function toJson(instances: readonly Instance[]): string[] {
  return instances.map((each) => writeJson(each as unknown as Fields)).toSorted();
}

for (const id of ["9007199254740993", "9223372036854775807", "281474976710656", "-5"]) {
  Deno.test(`SqliteInstances stores and reads others beside a row of the id ${id}`, () =>
    withArchive(async ({ store, graph, edges, db }) => {
      db.exec("DELETE FROM links WHERE parent IN (SELECT max(id) FROM instances)");
      damage(db, RAW as Instance, `id = ${id}`);
      const [address, url] = [attribute("ipv4", "192.0.2.2"), attribute("url", "http://x.y/")];
      const later = event("sighting", [address, url, IP], { orgid: "new", timestamp: 3 });
      await store.put([address, url, later]);
      deepEqual(await readHashes(store), [hashes([...ALL, address, url, later] as Instance[]), []]);
      deepEqual(toJson(await store.get([later._hash])), toJson([later]));
      const held = { hashes: [IP._hash], context: "all" } as const;
      equal(await graph.countHolders(held, { ...FILTER, orgids: ["o", "new"] }), 3);
      equal((await edges.event(later._hash, ["new"]))?.hash, later._hash);
      await store.put([RAW]);
    }));
}

for (const table of ["instances", "organisations", "templates"]) {
  Deno.test(`SqliteInstances put gives rows of ${table} whose ids cannot be read new ones`, () =>
    withArchive(async ({ store, graph, db }) => {
      db.exec("DELETE FROM links");
      db.exec(`UPDATE ${table} SET id = 9223372036854775807 - id`);
      const later = event("sighting", [IP, FILE], { orgid: "o", timestamp: 3 });
      await store.put([...ALL, later] as readonly Instance[]);
      await store.put([later]);
      deepEqual(toJson(await store.get([IP._hash, later._hash])), toJson([IP, later]));
      const [held] = await graph.holders({ hashes: [IP._hash], context: "all" }, FILTER, {
        skip: 0,
        limit: 1,
      });
      equal(held?._hash, later._hash);
    }));
}

const BYTES: readonly (readonly [string, RegExp])[] = [
  ["document = NULL", /^document is missing$/],
  ["document = x''", /^document is empty$/],
  ["document = x'ff'", /^document is of no known form$/],
  ["document = x'01ffff'", /^document is damaged: its bytes do not make sense$/],
  ["document = substr(document, 1, octet_length(document) - 1)", /^document is cut short$/],
  ["document = substr(document, 1, 1)", /^document is cut short$/],
  ["document = x'00ffffffffffffff7f'", /^document is /],
  ["document = x'000163'", /^document refers to what is not in the file$/],
  ["template = 9999", /^document is damaged: its bytes do not make sense$/],
  ["template = NULL", /^document has no form$/],
  ["template = 9223372036854775807", /^document has no form$/],
  ["organisation = 9999", /^document is damaged: its bytes do not make sense$/],
  ["organisation = NULL", /^its organisation is not in the file$/],
];

for (const [assignment, reason] of BYTES) {
  Deno.test(`SqliteInstances leaves out an event with ${assignment} only`, () =>
    withArchive(async ({ store, graph, edges, db }) => {
      damage(db, SEEN, assignment);
      deepEqual(await readHashes(store), [
        hashes(ALL.filter((each) => each !== SEEN) as Instance[]),
        [SEEN._hash],
      ]);
      const { checked, flawed, flaws } = await verify(store, () => {});
      deepEqual([checked, flawed, flaws[0]!.hash], [ALL.length, 1, SEEN._hash]);
      match(flaws[0]!.flaw.replace("cannot be read: ", ""), reason);
      await rejects(store.get([SEEN._hash]), { code: "INSTANCE_DAMAGED" });
      deepEqual(toJson(await store.get([OTHER._hash])), toJson([OTHER]));
      const held = { hashes: [IP._hash], context: "all" } as const;
      equal(await graph.countHolders(held, FILTER), 2);
      await rejects(graph.holders(held, FILTER, { skip: 0, limit: 10 }), {
        code: "INSTANCE_DAMAGED",
      });
      deepEqual(hashes(await graph.holders(held, FILTER, { skip: 0, limit: 1 })), [OTHER._hash]);
      equal((await edges.event(OTHER._hash, ["o"]))?.hash, OTHER._hash);
      equal((await edges.names([SEEN._hash])).get(SEEN._hash)?.label, "?=event");
      const { fault } = await new ResidentRanks(edges, {
        decay: 0.99,
        maxBytes: 1e9,
        followsChanges: true,
      }).build();
      match(String(fault), new RegExp(`^DamagedInstance: Instance ${SEEN._hash} cannot be read: `));
    }));
}

for (const instance of ALL as readonly Instance[]) {
  for (const assignment of ["document = x'ff'", "document = NULL", "template = NULL"]) {
    const test = `${instance.itype} ${instance.sub_type} with ${assignment}`;

    Deno.test(`SqliteInstances put replaces the damaged ${test}`, () =>
      withArchive(async ({ store, db }) => {
        damage(db, instance, assignment);
        ok((await readHashes(store))[1].includes(instance._hash));
        await store.put([instance]);
        deepEqual(toJson(await store.get(hashes(ALL as Instance[]))), toJson(ALL as Instance[]));
        equal((await verify(store, () => {})).flawed, 0);
        deepEqual(hashes(await store.referrers(IP._hash)), hashes([SEEN, OTHER]));
        deepEqual(hashes(await store.referrers(NAME._hash)), hashes([FILE, SEEN]));
        const imported = await Array.fromAsync(store.importedWithoutEvents());
        deepEqual(imported.map(({ _hash }) => _hash), [RAW._hash]);
      }));

    Deno.test(`SqliteInstances removes the damaged ${test}, and puts it again`, () =>
      withArchive(async ({ store, db }) => {
        damage(db, instance, assignment);
        await store.remove(instance._hash);
        deepEqual(await store.get([instance._hash]), []);
        const { id } = db.prepare("SELECT id FROM instances WHERE hash = unhex(?)")
          .get(instance._hash) ?? { id: 0 };
        const { links } = db.prepare("SELECT count(*) AS links FROM links WHERE parent = ?").get(
          id!,
        )!;
        equal(links, 0);
        const { stray } = db.prepare(
          "SELECT count(*) AS stray FROM links WHERE parent NOT IN (SELECT id FROM instances)",
        ).get()!;
        equal(stray, 0);
        await store.put([instance]);
        deepEqual(toJson(await store.get(hashes(ALL as Instance[]))), toJson(ALL as Instance[]));
        equal((await verify(store, () => {})).flawed, 0);
      }));
  }
}

Deno.test("SqliteInstances names the damaged attribute that an object holds", () =>
  withArchive(async ({ store, db }) => {
    damage(db, NAME);
    const damaged: Damaged[] = [];
    const sound = await Array.fromAsync(store.all((each) => damaged.push(each)));
    deepEqual(hashes(sound), hashes([SIZE, IP, OTHER, RAW as Instance]));
    const reasons = new Map(damaged.map(({ hash, reason }) => [hash, reason]));
    const holds = `attribute ${NAME._hash}, which it holds, cannot be read`;
    deepEqual([reasons.get(FILE._hash), reasons.get(SEEN._hash)], [holds, holds]);
  }));

Deno.test("SqliteInstances reads every Raw but the damaged", () =>
  withArchive(async ({ store, db }) => {
    const more = raw("unix_system_log", { a: "y" }, SOURCE);
    await store.put([more]);
    damage(db, RAW as Instance);
    const raws = await Array.fromAsync(store.raws("unix_system_log"));
    deepEqual(hashes(raws), [more._hash]);
    deepEqual(await Array.fromAsync(store.importedWithoutEvents()), []);
  }));

Deno.test("SqliteInstances finds others beside a damaged row", () =>
  withArchive(async ({ store, db }) => {
    damage(db, SEEN);
    const damaged: string[] = [];
    const note = ({ hash }: Damaged) => damaged.push(hash);
    deepEqual(hashes(await store.get([SEEN._hash, OTHER._hash], note)), [OTHER._hash]);
    deepEqual(hashes(await store.parents(IP._hash, note)), [OTHER._hash]);
    deepEqual(hashes(await store.referrers(IP._hash, note)), [OTHER._hash]);
    deepEqual(damaged, new Array(3).fill(SEEN._hash));
    await rejects(store.get([SEEN._hash, OTHER._hash]), DamagedInstance);
  }));

Deno.test("SQLite: users keep their other organisations beside a damaged one", () =>
  withArchive(async ({ store, db }) => {
    const { user: member, parts } = user({ email: "a@example.com" });
    await store.put([...parts, member]);
    const [damaged, other] = ["one", "two"].map((orgname) =>
      org({ orgname, users: [member], admins: [member] })
    );
    for (const made of [damaged!, other!]) await store.put([...made.parts, made.org]);
    damage(db, damaged!.org);
    deepEqual(hashes(await orgsOf(store, member._hash)), [other!.org._hash]);
    equal(await findOrg(store, "one"), undefined);
    damage(db, member);
    equal(await findUser(store, "a@example.com"), undefined);
  }));

Deno.test("SQLite: a damaged Raw is stored again, and fails no other upload", () =>
  withArchive(async ({ store, db }) => {
    damage(db, RAW);
    const bare = raw("unix_system_log", { a: "x" }, SOURCE);
    const uploads = [bare, raw("unix_system_log", { b: "y" }, SOURCE)];
    const parsed = uploads.map((raw) => ({ raw, source: SOURCE, skipped: {} }));
    const filters = new Map([["unix_system_log", {
      id: "f",
      read: () => ({ events: [], instances: [], refs: [], rejected: [], skipped: {} }),
    }]]);
    const filtered = await filterUploads(parsed, { archive: store, filters });
    await storeUploads(filtered, store);
    deepEqual(hashes(await store.get(uploads.map(({ _hash }) => _hash))), hashes(uploads));
  }));

const HUGE = "9223372036854775807";

Deno.test("SQLite counts, names and sums beside numbers that cannot be read", () =>
  withArchive(async ({ store, edges, graph, db }) => {
    damage(db, FILE, `itype = ${HUGE}`);
    db.exec(`UPDATE links SET sets = ${HUGE} WHERE parent = (
      SELECT id FROM instances WHERE hash = unhex('${SEEN._hash}'))`);
    equal((await store.count())["?"], 1);
    equal((await edges.names([FILE._hash])).get(FILE._hash)?.label, "file=object");
    const [sightings] = await graph.sightings([[IP._hash]], FILTER);
    equal(sightings!.events, 2);
  }));
