import { deepEqual, equal, match } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { keyOf } from "../../lib/sqlite/key.ts";
import { ask, drain, FAILED, NOW } from "../suites/inbox/fixtures.ts";
import { plantDocument } from "./plant_document.ts";
import { temporaryFile } from "./temporary_file.ts";

const COLLECTION = { db: "report_db", coll: "instance" };

/** Runs a test with three queries, and a way to change rows as a hand would. */
async function withQueries(
  body: (inbox: SqliteInbox, execute: (sql: string) => void, ids: string[]) => Promise<void>,
): Promise<void> {
  const { path, remove } = await temporaryFile();
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const inbox = new SqliteInbox(sqlite, COLLECTION);
    const ids = await ask(inbox, 1, 2, 3);
    const execute = (sql: string) => {
      if (sql.startsWith(PLANT)) plantDocument(db, keyOf(ids[1]!), sql.slice(PLANT.length));
      else db.exec(sql);
    };
    await body(inbox, execute, ids);
  } finally {
    db.close();
    await sqlite.close();
    await remove();
  }
}

const SECOND = "hash = (SELECT hash FROM queries WHERE id = 2)";

const PLANT = "the second document becomes ";

function setDocument(expression: string): string {
  return `${PLANT}${expression}`;
}

function setColumn(assignment: string): string {
  return `UPDATE instances SET ${assignment} WHERE ${SECOND}`;
}

/** Queries that can only fail. */
const FAILING: readonly [string, RegExp][] = [
  ["UPDATE queries SET attempts = 9223372036854775807 WHERE id = 2", /^attempts is not a count$/],
  ["UPDATE queries SET attempts = -1 WHERE id = 2", /^attempts is not a count$/],
  ["UPDATE queries SET free_at = 9e999 WHERE id = 2", /^free_at is not a time in seconds$/],
  [setDocument("json_set(document, '$.data', 5)"), /^data is a whole number, not an object$/],
  [setDocument("json_set(document, '$.data', json('[1]'))"), /^data is a list, not an object$/],
  [setDocument("json_set(document, '$._cref', 'x')"), /^_cref is a string, not a list$/],
  [setDocument("json_remove(document, '$._ref')"), /^_ref is missing$/],
  [setDocument("json_set(document, '$.data.status', 5)"), /^data.status is a whole number, /],
  [setDocument("json_set(document, '$.data.report_id', 'x')"), /^data.report_id is a string, /],
];

for (const [sql, reason] of FAILING) {
  Deno.test(`SqliteInbox fails a query after ${sql}`, () =>
    withQueries(async (inbox, execute, ids) => {
      execute(sql);
      await inbox.status(NOW);
      const { claims, setAside } = await drain(inbox);
      deepEqual(claims.map(({ id }) => id).toSorted(), ids.toSorted());
      deepEqual(setAside, []);
      match(claims.find(({ id }) => id === ids[1])!.fault!.reason, reason);
      deepEqual((await inbox.find(ids[1]!))!.data["report_id"], [FAILED.report._hash]);
      const { counts, maxAttempts } = await inbox.status(NOW);
      deepEqual([counts.processing, counts.failed, counts.wait, maxAttempts], [2, 1, 0, 1]);
    }));
}

/** Queries to which no report can be tied. */
const QUARANTINED: readonly [string, RegExp][] = [
  [setDocument("'x'"), /^document is not JSON$/],
  [setDocument("'[1]'"), /^document is not an object$/],
  [setDocument("json_set(document, '$._hash', 5)"), /^_hash is a whole number, not a string$/],
  [setDocument("json_set(document, '$._hash', 'x')"), /^_hash is not the hash under which/],
  [setDocument("json_set(document, '$.itype', json('[1]'))"), /^itype is a list, /],
  [`DELETE FROM instances WHERE ${SECOND}`, /^document is missing$/],
  ["UPDATE queries SET hash = x'00' WHERE id = 2", /^document is missing$/],
  [setColumn("document = NULL"), /^document is missing$/],
  [setColumn("document = x''"), /^document is empty$/],
  [setColumn("document = x'ff'"), /^document is of no known form$/],
  [setColumn("document = x'01ff'"), /^document is damaged: its bytes do not make sense$/],
  [setColumn("document = substr(document, 1, 9)"), /^document is /],
  [setColumn("document = substr(document, 1, octet_length(document) - 1)"), /^document is /],
  [setColumn("document = x'000105'"), /^document refers to what is not in the file|cut short$/],
  [setColumn("document = x'00ffffffffffffff7f'"), /^document is /],
  [setColumn("template = NULL"), /^document has no form$/],
  [setColumn("template = 9999"), /^document is damaged: its bytes do not make sense$/],
  [setColumn("template = 9223372036854775807"), /^document has no form$/],
];

for (const [sql, reason] of QUARANTINED) {
  Deno.test(`SqliteInbox puts a query into quarantine after ${sql}`, () =>
    withQueries(async (inbox, execute, ids) => {
      execute(sql);
      const { claims, setAside } = await drain(inbox);
      deepEqual(claims.map(({ id }) => id), [ids[0], ids[2]]);
      const [query, ...more] = await inbox.quarantined(10);
      deepEqual(more, []);
      match(query!.reason, reason);
      deepEqual(setAside, [{ id: query!.id, reason: query!.reason, kept: false }]);
      deepEqual(await drain(inbox), { claims: [], setAside: [] });
      equal((await inbox.status(NOW)).quarantined, 1);
      equal(await inbox.dropQuarantined(["no id", query!.id]), 1);
      equal((await inbox.status(NOW)).quarantined, undefined);
      await ask(inbox, 2);
      deepEqual((await drain(inbox)).claims.map(({ id }) => id), [ids[1]]);
    }));
}

Deno.test("SqliteInbox lists a query whose status is none of ours in quarantine", () =>
  withQueries(async (inbox, execute) => {
    execute("UPDATE queries SET status = 'lost' WHERE id = 2");
    equal((await inbox.status(NOW)).quarantined, 1);
    equal((await inbox.quarantined(10)).length, 1);
    equal((await drain(inbox)).claims.length, 2);
  }));

Deno.test("SqliteInbox asks a query again whose document was damaged", () =>
  withQueries(async (inbox, execute) => {
    execute(setDocument("'x'"));
    await ask(inbox, 2);
    const { claims, setAside } = await drain(inbox);
    deepEqual([claims.length, setAside.length], [3, 0]);
  }));
