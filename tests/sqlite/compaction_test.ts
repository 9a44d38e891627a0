import { deepEqual, equal, ok } from "../assert.ts";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { verify } from "../../lib/cli/archive/verify.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
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
