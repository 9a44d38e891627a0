import { deepEqual, equal, ok } from "../assert.ts";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { verify } from "../../lib/cli/archive/verify.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import type { Damaged } from "../../lib/tahoe/instances.ts";
import { object } from "../../lib/tahoe/object.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { keyOf } from "../../lib/sqlite/key.ts";
import { migrate, MIGRATIONS } from "../../lib/sqlite/migrations.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { Sqlite } from "../../lib/sqlite/sqlite.ts";
import { ARCHIVES } from "../suites/reports/arbitrary_archive.ts";
import { raw, readAll, report } from "../suites/instances/fixtures.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

/** The versions whose documents are JSON. */
const JSON_VERSIONS = [1, 2, 3, 4, 5, 6];

function toJson(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}

/** Stores instances as a program of an earlier version did. */
function writeEarlier(db: DatabaseSync, version: number, instances: readonly Instance[]): void {
  migrate(db, "file", { steps: MIGRATIONS.slice(0, version) });
  db.exec("BEGIN; INSERT INTO collections (name) VALUES ('tahoe_db.instance')");
  const insert = db.prepare(
    "INSERT INTO instances (collection, hash, itype, document) VALUES (1, ?, ?, ?)",
  );
  for (const instance of instances) {
    insert.run(keyOf(instance._hash), instance.itype, toJson(instance));
  }
  db.exec("COMMIT");
}

/** Every document, as JSON; and, for each of them, the hashes of those that refer to it. */
async function contentOf(store: SqliteInstances): Promise<readonly [string[], string[]]> {
  const instances = await readAll(store);
  const referrers = await Promise.all(instances.map(async ({ _hash }) => {
    const hashes = (await store.referrers(_hash)).map((each) => each._hash);
    return `${_hash}: ${hashes.toSorted()}`;
  }));
  return [instances.map(toJson).toSorted(), referrers.toSorted()];
}

for (const version of JSON_VERSIONS) {
  Deno.test(`migrate keeps every document of a file of version ${version}, to the letter`, async () => {
    await fc.assert(
      fc.asyncProperty(ARCHIVES, fc.boolean(), async (archive, reverse) => {
        const others = [raw("e".repeat(64), { _ref: [archive[0]!._hash] }), report("f".repeat(64))];
        // Parents may be stored before their children.
        const instances = [...archive, ...others];
        const [db, fresh] = [new DatabaseSync(":memory:"), openSqlite(":memory:")];
        writeEarlier(db, version, reverse ? instances.toReversed() : instances);
        migrate(db, "file");
        const migrated = new Sqlite(db);
        const expected = new SqliteInstances(fresh, COLLECTION);
        await expected.put(instances);
        deepEqual(
          await contentOf(new SqliteInstances(migrated, COLLECTION)),
          await contentOf(expected),
        );
        deepEqual(
          (await readAll(expected)).map(toJson).toSorted(),
          instances.map(toJson).toSorted(),
        );
        await migrated.close();
        await fresh.close();
      }),
      { numRuns: 25 },
    );
  });
}

/** Events enough for a migration of several pages. */
function manyInstances(): Instance[] {
  const method = attribute("method", "ssh");
  const instances = Array.from({ length: 4000 }, (_, i) => {
    const parts = [attribute("username", `user${i % 50}`), attribute("password", `${i}`)];
    const credential = object("credential", parts);
    const login = event("login", [credential, method], { orgid: "o", timestamp: i });
    return [...parts, credential, method, login];
  }).flat();
  return [...new Map(instances.map((each) => [each._hash, each])).values()];
}

Deno.test("a file whose migration was killed is as it was, and is migrated by the next", async () => {
  const { path, remove } = await temporaryFile();
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")));
  const instances = manyInstances();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL");
  writeEarlier(db, 6, instances);
  db.close();
  const worker = fileURLToPath(new URL("compaction_worker.ts", import.meta.url));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--quiet", "-RW", worker, path],
    stdout: "piped",
  }).spawn();
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    if (!text.includes("half")) continue;
    process.kill("SIGKILL");
    break;
  }
  equal((await process.status).signal, "SIGKILL");
  const check = new DatabaseSync(path);
  equal(check.prepare("PRAGMA user_version").get()?.["user_version"], 6);
  equal(check.prepare("SELECT count(*) AS n FROM instances").get()?.["n"], instances.length);
  check.close();
  const calls: number[] = [];
  const sqlite = openSqlite(path, { onCopied: (copied) => calls.push(copied) });
  ok(calls.length > 5, String(calls.length));
  equal(calls.reduce((sum, copied) => sum + copied, 0), instances.length);
  const store = new SqliteInstances(sqlite, COLLECTION);
  deepEqual(await verify(store, () => {}), { checked: instances.length, flawed: 0, flaws: [] });
  deepEqual((await readAll(store)).map(toJson).toSorted(), instances.map(toJson).toSorted());
  await sqlite.close();
  await remove();
});

/** Documents as others may have left them in a file of version 6, and what is said of them. */
const DAMAGES: readonly (readonly [string, string])[] = [
  ["'x'", "document is not JSON"],
  ["''", "document is not JSON"],
  ["CAST(x'7b00ff' AS TEXT)", "document is not JSON"],
  ["substr(document, 1, 20)", "document is not JSON"],
  ["'[1]'", "the document is not an object"],
  ["'null'", "the document is not an object"],
  ["'{}'", "itype is missing"],
  [
    "json_set(document, '$.itype', 5)",
    "itype is a whole number, not one of the six types of instances",
  ],
  [
    "json_set(document, '$.itype', 'constructor')",
    "itype is a string, not one of the six types of instances",
  ],
  ["json_set(document, '$._hash', 5)", "_hash is a whole number, not a string"],
  ["json_set(document, '$.data', 5)", "data is a whole number, not an object"],
  ["json_set(document, '$.orgid', 5)", "orgid is a whole number, not a string"],
  ["json_set(document, '$.timestamp', 'x')", "timestamp is a string, not a number of seconds"],
  ["json_set(document, '$.category', json('[]'))", "category is a list, not a string"],
  ["json_set(document, '$._ref', 'x')", "_ref is a string, not a list"],
  ["json_set(document, '$._ref[0]', 5)", "_ref[0] is a whole number, not a string"],
  ["json_set(document, '$._cref', json('[[1]]'))", "_cref[0] is a list, not a string"],
];

for (const [document, reason] of DAMAGES) {
  Deno.test(`migrate takes over an event that has become ${document}, as damaged`, async () => {
    const db = new DatabaseSync(":memory:");
    const seen = attribute("ipv4", "192.0.2.1");
    const [bad, good] = [1, 2].map((timestamp) =>
      event("sighting", seen, { orgid: "o", timestamp })
    ) as [Instance, Instance];
    writeEarlier(db, 6, [bad, seen, good]);
    db.exec(`UPDATE instances SET document = ${document} WHERE hash = unhex('${bad._hash}')`);
    migrate(db, "file");
    const sqlite = new Sqlite(db);
    const store = new SqliteInstances(sqlite, COLLECTION);
    const damaged: Damaged[] = [];
    const sound = await Array.fromAsync(store.all((each) => damaged.push(each)));
    deepEqual(sound.map(toJson).toSorted(), [seen, good].map(toJson).toSorted());
    equal(damaged[0]?.hash, bad._hash);
    equal(damaged.length, 1);
    equal(damaged[0]!.reason, reason);
    equal((await verify(store, () => {})).flawed, 1);
    await store.put([bad]);
    deepEqual(
      (await readAll(store)).map(toJson).toSorted(),
      [bad, seen, good].map(toJson).toSorted(),
    );
    deepEqual((await store.referrers(seen._hash)).length, 2);
    await sqlite.close();
  });
}

Deno.test("migrate keeps a document under the hash under which it was", async () => {
  const db = new DatabaseSync(":memory:");
  const [seen, other] = [attribute("ipv4", "192.0.2.1"), attribute("ipv4", "192.0.2.2")];
  writeEarlier(db, 6, [seen]);
  db.exec(`UPDATE instances SET document = json_set(document, '$._hash', '${other._hash}')`);
  migrate(db, "file");
  const sqlite = new Sqlite(db);
  const store = new SqliteInstances(sqlite, COLLECTION);
  const found = await store.get([seen._hash, other._hash]);
  deepEqual(found.map(toJson), [toJson({ ...seen, _hash: other._hash })]);
  await sqlite.close();
});

Deno.test("migrate loses no byte of what is not JSON", () => {
  const db = new DatabaseSync(":memory:");
  writeEarlier(db, 6, [attribute("ipv4", "192.0.2.1")]);
  db.exec("UPDATE instances SET document = CAST(x'7b00ff' AS TEXT)");
  migrate(db, "file");
  const { bytes } = db.prepare("SELECT hex(document) AS bytes FROM instances").get()!;
  equal(bytes, "047B00FF");
  db.close();
});
