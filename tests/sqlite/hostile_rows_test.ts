import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { archiveJob } from "../../lib/lake/archive_job.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { keyOf } from "../../lib/sqlite/key.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import type { Sqlite } from "../../lib/sqlite/sqlite.ts";
import { runWorker } from "../../lib/worker.ts";
import { ask, drain } from "../suites/inbox/fixtures.ts";
import { upload } from "../suites/lake/fixtures.ts";
import { plantDocument } from "./plant_document.ts";
import { temporaryFile } from "./temporary_file.ts";

const NOW = 1_700_000_000;
const DAMAGED = 1000;
const SOUND = 20;

/** Values as SQL, of every type that SQLite has. */
const VALUES = [
  "NULL",
  "0",
  "-1",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "1.5",
  "9e999",
  "-9e999",
  "1e300",
  "''",
  "'x'",
  "'{}'",
  "'[]'",
  "'[1, null]'",
  "'{\"a\": Infinity}'",
  "'nul\u0000'",
  "'null'",
  "CAST(x'ff' AS TEXT)",
  "CAST(x'2200ff22' AS TEXT)",
  "x'00'",
  "zeroblob(32)",
];

const ENTRY_COLUMNS = [
  ..."timestamp typetag upload size attempts owner free_at reason reason_attempt".split(" "),
  ..."bad_data refs events id".split(" "),
];

const QUERY_COLUMNS = [
  ..."asked_at attempts owner free_at reason reason_attempt hash status".split(" "),
];

const INSTANCE_COLUMNS = ["itype", "organisation", "template", "document"];

/** Documents as SQL, of bytes that nobody wrote. */
const DOCUMENTS = [
  ..."x'' x'00' x'01' x'02' x'03' x'04' x'ff' x'0001' x'0200' x'ffffffffffffffffff'".split(" "),
  ..."x'000105' x'00ffffffffffffff7f' x'02046e756c6c00' x'0002' zeroblob(9)".split(" "),
  "substr(document, 1, 9)",
  "substr(document, 1, octet_length(document) - 1)",
  "CAST(substr(document, 1, 20) || x'ff' AS BLOB)",
  "CAST(document || x'05' AS BLOB)",
];

/** Paths in a query's document. */
const PATHS = [
  ..."$ $._hash $.itype $.sub_type $._cref $._ref $.data $.data.status $.data.report_id".split(" "),
  ..."$.data.qtype $.data.qdata $.data.socket $.data.timestamp $.data.encrypted".split(" "),
];
const JSONS = ["5", "1.5", "null", "true", '"x"', "[]", "[5]", "{}", '["x"]', "[[]]", '{"a": 1}'];

/** Runs a test with a database, and a way to change rows as a hand would. */
async function withDatabase(
  body: (
    sqlite: Sqlite,
    execute: (sql: string) => void,
    plant: (hash: string, expression: string) => void,
  ) => Promise<void>,
): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  const execute = (sql: string) => {
    try {
      db.exec(sql);
    } catch {
      // STRICT tables and unique keys refuse some of the values.
    }
  };
  try {
    await body(sqlite, execute, (hash, expression) => plantDocument(db, keyOf(hash), expression));
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

/** Assignments of any value, and of further ones, to any of the columns. */
function changes(
  columns: readonly string[],
  more: readonly string[] = [],
): readonly (readonly (readonly [string, string])[])[] {
  const change = fc.tuple(fc.constantFrom(...columns), fc.constantFrom(...VALUES, ...more));
  return fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), DAMAGED);
}

Deno.test("archiveJob on SQLite ends every entry, whatever its row contains", () =>
  withDatabase(async (sqlite, execute) => {
    const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
    const archive = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    const names = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, number) => upload(`${prefix}${number}`));
    const damaged = await lake.submit(names("damaged", DAMAGED));
    execute("BEGIN");
    for (const [i, assignments] of changes(ENTRY_COLUMNS).entries()) {
      for (const [column, value] of assignments) {
        execute(`UPDATE entries SET ${column} = ${value} WHERE id = ${damaged[i]}`);
      }
    }
    execute("COMMIT");
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
        onSetAside: ({ id }) => ended.push(id),
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
  withDatabase(async (sqlite, execute, plant) => {
    const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
    const numbers = Array.from({ length: DAMAGED / 2 }, (_, number) => number);
    const damaged = await ask(inbox, ...numbers);
    const assignments = changes(QUERY_COLUMNS);
    const inInstance = changes(INSTANCE_COLUMNS, DOCUMENTS);
    const inDocument = fc.sample(
      fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...JSONS, "{", "")),
      DAMAGED,
    );
    execute("BEGIN");
    for (const [i, hash] of damaged.entries()) {
      const isRow = i % 2 === 0;
      const row = `hash = unhex('${hash}')`;
      for (const [column, value] of isRow ? assignments[i]! : []) {
        execute(`UPDATE queries SET ${column} = ${value} WHERE ${row}`);
      }
      const [path, json] = inDocument[i]!;
      const isJson = JSONS.includes(json);
      const document = isJson ? `json_set(document, '${path}', json('${json}'))` : `'${json}'`;
      if (!isRow) plant(hash, document);
      for (const [column, value] of isRow || i % 4 === 1 ? [] : inInstance[i]!) {
        execute(`UPDATE instances SET ${column} = ${value} WHERE ${row}`);
      }
    }
    execute("COMMIT");
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
