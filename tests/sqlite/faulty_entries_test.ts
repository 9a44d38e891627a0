import { deepEqual, equal, match } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { drain } from "../suites/lake/fixtures.ts";
import { temporaryFile } from "./temporary_file.ts";

const NOW = 1_700_000_000;
const COLLECTION = { db: "cache_db", coll: "file_entries" };

/** Runs a test with three entries, and a way to change rows as a hand would. */
async function withEntries(
  body: (lake: SqliteLake, execute: (sql: string) => void) => Promise<void>,
): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const lake = new SqliteLake(sqlite, COLLECTION);
    const fields = { name: "n", orgid: "o", timezone: "UTC", typetag: "sighting" };
    await lake.submit([1, 2, 3].map((timestamp) => ({
      ...fields,
      timestamp,
      bytes: new Uint8Array(timestamp),
    })));
    await body(lake, (sql) => db.exec(sql));
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

/** Rows that nobody could claim, or that kept all others from being claimed. */
const FAULTS: readonly [string, RegExp][] = [
  ["upload = 'x'", /^upload is not JSON$/],
  ["upload = ''", /^upload is not JSON$/],
  ["upload = CAST(x'00ff' AS TEXT)", /^upload is not JSON$/],
  ["upload = '[1]'", /^upload is a list, not an object$/],
  ["upload = 'null'", /^upload is null, not an object$/],
  ["refs = '{'", /^refs is not JSON$/],
  ["refs = '{}'", /^refs is an object, not a list$/],
  ["upload = json_object('name', hex(zeroblob(1e6)))", /^upload is too large, not an object$/],
  ["refs = json_array(hex(zeroblob(1e6)))", /^refs is too large, not a list$/],
  ["attempts = 9223372036854775807", /^attempts is not a count$/],
  ["attempts = 9007199254740993", /^attempts is not a count$/],
  ["attempts = -1", /^attempts is not a count$/],
  ["free_at = 9e999", /^free_at is not a time in seconds$/],
  ["free_at = 1e300", /^free_at is not a time in seconds$/],
  ["id = 9223372036854775807", /^id is not a whole number up to 2\^53$/],
  ["id = -5", /^id is not a whole number up to 2\^53$/],
];

for (const [assignment, reason] of FAULTS) {
  Deno.test(`SqliteLake sets aside an entry with ${assignment}, and takes the others`, () =>
    withEntries(async (lake, execute) => {
      execute(`DELETE FROM files WHERE entry = 2; UPDATE entries SET ${assignment} WHERE id = 2`);
      await lake.status(NOW);
      equal((await lake.list({ orgids: ["o"] }, 10)).length, /upload/.test(assignment) ? 2 : 3);
      const { claims, setAside } = await drain(lake, NOW);
      deepEqual(claims.map(({ id }) => id), ["1", "3"]);
      deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
      const [entry, ...more] = await lake.list({ states: ["ERROR"] }, 10);
      deepEqual(more, []);
      match(entry!.reason!, reason);
      deepEqual(setAside, [{ id: entry!.id, reason: entry!.reason!, kept: false }]);
      deepEqual((await lake.list({ ids: [entry!.id] }, 10)).map(({ id }) => id), [entry!.id]);
      const { counts } = await lake.status(NOW);
      deepEqual([counts.ERROR, counts.CLAIMED, counts.WAITING], [1, 2, 0]);
      equal((await lake.countFinished({})).ERROR.entries, 1);
      equal(await lake.discard([entry!.id]), 1);
    }));
}

Deno.test("SqliteLake lists an entry whose state is none of ours as ERROR", () =>
  withEntries(async (lake, execute) => {
    execute("UPDATE entries SET state = 'MOVED', reason = 'not JSON' WHERE id = 2");
    deepEqual((await lake.list({ states: ["ERROR"] }, 10)).map(({ id }) => id), ["2"]);
    equal((await lake.status(NOW)).counts.ERROR, 1);
    equal((await lake.countFinished({})).ERROR.entries, 1);
    equal(await lake.reopen({ states: ["ERROR"] }), 1);
    equal((await drain(lake, NOW)).claims.length, 3);
  }));

Deno.test("SqliteLake status and list answer for an owner and a reason of any size and type", () =>
  withEntries(async (lake, execute) => {
    const held = `free_at = ${NOW + 99}, attempts = 1`;
    execute(`UPDATE entries SET ${held}, owner = hex(zeroblob(1e6)) WHERE id = 1`);
    execute(`UPDATE entries SET ${held}, owner = CAST(x'00ff' AS TEXT) WHERE id = 2`);
    execute(`UPDATE entries SET state = 'ERROR', reason = hex(zeroblob(1e6)) WHERE id = 3`);
    const { leases } = await lake.status(NOW);
    deepEqual(leases.map(({ owner }) => owner.length <= 2), [true, true]);
    const listed = JSON.stringify(await lake.list({}, 10));
    equal(listed.length < 1000, true);
  }));

Deno.test("SqliteLake status and read answer for any number in a row", () =>
  withEntries(async (lake, execute) => {
    execute("UPDATE entries SET timestamp = -9e999, size = 9223372036854775807 WHERE id = 2");
    equal((await lake.status(NOW)).oldestWaiting, 1);
    const { claims } = await drain(lake, NOW);
    const files = [];
    for await (const group of lake.read(claims, 1e6)) files.push(...group);
    const codes = files.map(({ file }) => "code" in file ? file.code : file.length);
    deepEqual(codes.toSorted(), [1, 3, "FILE_CORRUPT"]);
  }));
