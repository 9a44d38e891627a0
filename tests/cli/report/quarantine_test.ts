import { deepEqual, equal, match } from "../../assert.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SqliteInbox } from "../../../lib/sqlite/inbox.ts";
import { keyOf } from "../../../lib/sqlite/key.ts";
import { openSqlite } from "../../../lib/sqlite/open.ts";
import { ask, drain } from "../../suites/inbox/fixtures.ts";
import { plantDocument } from "../../sqlite/plant_document.ts";
import { inFolder } from "../in_folder.ts";

/** Asks questions in the database of a folder, damages all but the first, and claims them. */
async function damageQueries(folder: string): Promise<void> {
  const path = join(folder, "data", "cybexp", "cybexp.db");
  const sqlite = openSqlite(path);
  const db = new DatabaseSync(path);
  try {
    const inbox = new SqliteInbox(sqlite, { db: "report_db", coll: "instance" });
    const [, ...others] = await ask(inbox, 1, 2, 3);
    for (const id of others) plantDocument(db, keyOf(id), "json_set(document, '$._hash', 5)");
    await drain(inbox);
  } finally {
    db.close();
    await sqlite.close();
  }
}

Deno.test("report quarantine lists, shows and drops queries to which no report can be tied", () =>
  inFolder("report", async (run, folder) => {
    equal((await run("users add a@example.com")).code, 0);
    equal((await run("quarantine list")).out, "No queries");
    await damageQueries(folder);
    match((await run("status")).out, /^In quarantine: 2 \(report quarantine list\)$/m);
    const listed: { id: string; reason: string }[] = JSON.parse(
      (await run("quarantine list --json")).out,
    );
    deepEqual(listed.map(({ reason }) => reason), Array(2).fill(REASON));
    const [id, other] = listed.map((query) => query.id);
    match((await run("quarantine list --limit 1")).out, new RegExp(`${id} +${REASON}`));
    const shown = await run(`quarantine show ${id}`);
    match(shown.out, /^field _hash +a whole number$/m);
    match(shown.out, /^field data +an object$/m);
    match((await run("quarantine show x")).err, /^error: Cannot show query x: it is not in quar/);
    equal((await run(`quarantine drop ${id}`)).out, "1 removed");
    const again = await run(`quarantine drop ${id}`);
    match(again.err, /^error: Cannot remove 1 of 1 queries: they are not in quarantine/);
    equal(again.code, 1);
    equal((await run("quarantine drop")).code, 2);
    match((await run("quarantine drop --all --dry-run")).out, /^1 would be removed$/m);
    const unasked = await run("quarantine drop --all");
    equal(unasked.code, 2);
    match(unasked.err, /^error: drop --all removes for good, and there is no terminal to ask on/);
    equal(JSON.parse((await run("quarantine list --json")).out).length, 1);
    equal((await run("quarantine drop --all --yes")).out, "1 removed");
    equal((await run(`quarantine show ${other}`)).code, 1);
    equal((await run("quarantine list --json")).out, "[]");
  }));

const REASON = "_hash is a whole number, not a string";
