import { deepEqual, equal } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { archiveJob } from "../../lib/lake/archive_job.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import type { Sqlite } from "../../lib/sqlite/sqlite.ts";
import { runWorker } from "../../lib/worker.ts";
import { ask, drain } from "../suites/inbox/fixtures.ts";
import { upload } from "../suites/lake/fixtures.ts";
import { damageEntries, damageQueries } from "./damaged_rows.ts";
import { temporaryFile } from "./temporary_file.ts";

const NOW = 1_700_000_000;
const DAMAGED = 1000;
const SOUND = 20;

/** Runs a test with a database, and another connection that changes its rows as a hand would. */
async function withDatabase(
  body: (sqlite: Sqlite, db: DatabaseSync) => Promise<void>,
): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    await body(sqlite, db);
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

Deno.test("archiveJob on SQLite ends every entry, whatever its row contains", () =>
  withDatabase(async (sqlite, db) => {
    const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
    const archive = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    const names = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, number) => upload(`${prefix}${number}`));
    const damaged = await lake.submit(names("damaged", DAMAGED));
    damageEntries(db, damaged);
    const sound = new Set(await lake.submit(names("sound", SOUND)));
    await lake.status(NOW);
    const ended: string[] = [];
    await runWorker(
      archiveJob({
        lake,
        archive,
        keys: [] as never,
        first: "gcm",
        typetags: [],
        filters: new Map(),
        maxBytes: 1e6,
        maxAttempts: 3,
        owner: "o",
        batch: 64,
        lease: 60,
        now: () => NOW,
        retryAfter: () => 0,
        onEnd: ({ claim, outcome, lost }) => {
          equal(lost, false);
          if (sound.has(claim.id)) equal(outcome.state, "ERROR");
          ended.push(claim.id);
        },
        onSetAside: ({ id }) => {
          equal(sound.has(id), false);
          ended.push(id);
        },
        onError: (error) => {
          throw error;
        },
      }),
      { once: true, parallel: 3, renewEvery: 1000, grace: 0, signal: new AbortController().signal },
    );
    const { WAITING, CLAIMED, DELAYED, ERROR } = (await lake.status(NOW)).counts;
    deepEqual([WAITING, CLAIMED, DELAYED, ERROR], [0, 0, 0, DAMAGED + SOUND]);
    equal(new Set(ended).size, DAMAGED + SOUND);
    equal(ended.length, DAMAGED + SOUND);
    equal((await lake.list({ states: ["ERROR"] }, 10_000)).length, DAMAGED + SOUND);
    await lake.list({ orgids: ["x"], file: "n", refs: ["x"] }, 10);
    await lake.countFinished({});
  }));

Deno.test("SqliteInbox ends every query, whatever its rows contain", () =>
  withDatabase(async (sqlite, db) => {
    const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
    const numbers = Array.from({ length: DAMAGED / 2 }, (_, number) => number);
    const damaged = await ask(inbox, ...numbers);
    damageQueries(db, damaged);
    const sound = await ask(inbox, ...numbers.slice(0, SOUND).map((number) => DAMAGED + number));
    await inbox.status(NOW);
    const { claims, setAside } = await drain(inbox);
    const { counts } = await inbox.status(NOW);
    deepEqual([counts.wait, counts.delayed], [0, 0]);
    const claimed = new Set(claims.map(({ id }) => id));
    deepEqual(sound.filter((id) => !claimed.has(id)), []);
    equal(claimed.size, claims.length);
    const listed = await inbox.quarantined(10_000);
    const ids = new Set(listed.map(({ id }) => id));
    deepEqual(setAside.filter(({ id }) => !ids.has(id)), []);
    equal(await inbox.dropQuarantined([...ids]), ids.size);
  }));
