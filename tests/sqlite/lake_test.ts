import { deepEqual, equal, ok } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { nowSeconds } from "../../lib/clock.ts";
import { Rejected } from "../../lib/errors.ts";
import type { Claim, Upload } from "../../lib/lake/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { lakeSuite } from "../suites/lake_suite.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "cache_db", coll: "file_entries" };

lakeSuite("SqliteLake in memory", async () => {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    lake: new SqliteLake(sqlite, COLLECTION),
    again: () => Promise.resolve(new SqliteLake(sqlite, COLLECTION)),
    close: () => sqlite.close(),
  };
});

lakeSuite("SqliteLake in a file", async () => {
  const { path, remove } = await temporaryFile();
  // Each handle has a connection of its own, as in two processes.
  const opened = [openSqlite(path)];
  return {
    lake: new SqliteLake(opened[0]!, COLLECTION),
    again() {
      opened.push(openSqlite(path));
      return Promise.resolve(new SqliteLake(opened.at(-1)!, COLLECTION));
    },
    async close() {
      for (const sqlite of opened) await sqlite.close();
      await remove();
    },
  };
});

const UPLOAD: Upload = {
  name: "a",
  orgid: "o",
  timezone: "UTC",
  typetag: "sighting",
  timestamp: 1,
  bytes: new Uint8Array(10),
};

async function withFile(body: (lake: SqliteLake, path: string) => Promise<void>): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  try {
    await body(new SqliteLake(sqlite, COLLECTION), path);
  } finally {
    await sqlite.close();
    await remove();
  }
}

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function claimAll(lake: SqliteLake, lease = 60): Promise<Claim[]> {
  return lake.claim({ owner: "w", limit: 100, lease, now: nowSeconds() });
}

async function readCodes(lake: SqliteLake, claims: readonly Claim[]): Promise<unknown[]> {
  const codes = [];
  for await (const group of lake.read(claims, 1000)) {
    codes.push(...group.map(({ file }) => file instanceof Rejected ? file.code : file.length));
  }
  return codes;
}

for (
  const [what, sql, code, size] of [
    ["is missing", "DELETE FROM files WHERE entry = 1", "FILE_MISSING", null],
    ["is cut short", "UPDATE files SET bytes = x'00' WHERE entry = 1", "FILE_CORRUPT", 1],
  ] as const
) {
  Deno.test(`SqliteLake read returns ${code} in place of a file that ${what}`, async () => {
    await withFile(async (lake, path) => {
      await lake.submit([UPLOAD, UPLOAD]);
      execute(path, sql);
      deepEqual(await readCodes(lake, await claimAll(lake)), [code, 10]);
      deepEqual((await lake.list({}, 10)).map((each) => each.size), [10, size]);
    });
  });
}

Deno.test("SqliteLake read notices a file that is removed while it reads the one before", async () => {
  await withFile(async (lake, path) => {
    const bytes = new Uint8Array(5 * 2 ** 20);
    await lake.submit([{ ...UPLOAD, bytes }, { ...UPLOAD, bytes }]);
    const found = [];
    for await (const group of lake.read(await claimAll(lake), bytes.length)) {
      execute(path, "DELETE FROM files WHERE entry = 2");
      found.push(...group.map(({ file }) => file instanceof Rejected ? file.code : "read"));
    }
    deepEqual(found, ["read", "FILE_MISSING"]);
  });
});

Deno.test("SqliteLake waitForWork resolves when a lease runs out", async () => {
  await withFile(async (lake) => {
    await lake.submit([UPLOAD]);
    await claimAll(lake, 0.5);
    deepEqual(await claimAll(lake), []);
    const start = performance.now();
    await lake.waitForWork(20_000, new AbortController().signal);
    const ms = performance.now() - start;
    ok(ms > 300 && ms < 1500, `${ms} ms`);
    equal((await claimAll(lake)).length, 1);
  });
});

Deno.test("SqliteLake waitForWork does not wake for work that was left over", async () => {
  await withFile(async (lake) => {
    await lake.waitForWork(0, new AbortController().signal);
    await lake.submit([UPLOAD, UPLOAD]);
    await lake.claim({ owner: "w", limit: 1, lease: 60, now: nowSeconds() });
    const start = performance.now();
    await lake.waitForWork(300, new AbortController().signal);
    const ms = performance.now() - start;
    ok(ms > 290, String(ms));
  });
});

Deno.test("SqliteLake keeps to its own collection of a file", async () => {
  const sqlite = openSqlite(":memory:");
  const [one, two] = ["one", "two"].map((coll) => new SqliteLake(sqlite, { db: "cache_db", coll }));
  await one!.submit([UPLOAD]);
  const [held] = await claimAll(one!);
  deepEqual(await claimAll(two!), []);
  deepEqual(await two!.list({}, 10), []);
  deepEqual(await two!.renew([held!], 1e12), [held!.id]);
  deepEqual(await readCodes(two!, [held!]), ["FILE_MISSING"]);
  const end = { claim: held!, outcome: { state: "ERROR", reason: "x" } } as const;
  deepEqual(await two!.settle([end]), [held!.id]);
  deepEqual(await one!.settle([end]), []);
  equal(await two!.reopen({}), 0);
  equal(await one!.reopen({}), 1);
  await sqlite.close();
});
