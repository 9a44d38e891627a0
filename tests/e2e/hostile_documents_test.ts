import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { damagedEntries, damagedQueries, insertDamaged } from "./damaged_documents.ts";
import { createCommunity } from "./community.ts";
import { LONG } from "./long.ts";
import { withInstallation } from "./hostile_work.ts";
import type { Installation } from "./installation.ts";

const SOUND = 20;
const DAMAGED = 1000;

/** Queries fail one by one, each durably. */
const DAMAGED_QUERIES = LONG ? 1000 : 300;
const MAX_ATTEMPTS = 3;

/** Milliseconds within which all queries must have ended. */
const PATIENCE = 60_000;

/** Settings under which everything ends soon. */
const SOON = { lease: 1, max_attempts: MAX_ATTEMPTS };

const mongo = mongoUrl();
if (mongo !== undefined) {
  Deno.test("archive run on MongoDB ends every entry, whatever its document contains", () =>
    withInstallation({ mongo, archive: SOON }, async (installation) => {
      const { stores: { lake, archive }, upload } = installation;
      const sound = Array.from({ length: SOUND }, (_, number) => upload(`${number}`));
      const inserted = await insertDamaged(installation, damagedEntries(DAMAGED), {
        coll: "file_entries",
        indices: false,
      });
      await lake.submit(await Promise.all(sound));
      await assertAnswers(installation, () => lake.status(nowSeconds()));
      const { code, err } = await installation.run("run", "--once");
      equal(code, 0, err);
      await assertAnswers(installation, () => lake.status(nowSeconds()));
      const { counts } = await lake.status(nowSeconds());
      deepEqual(counts, {
        WAITING: 0,
        CLAIMED: 0,
        DELAYED: 0,
        NOT_SUPPORTED: counts.NOT_SUPPORTED,
        SUCCESS: SOUND,
        ERROR: inserted - counts.NOT_SUPPORTED,
      });
      equal((await archive.count())["raw"], SOUND);
    }));

  Deno.test("report run on MongoDB ends every query, whatever its document contains", () =>
    withInstallation({ mongo, program: "report", report: SOON }, async (installation) => {
      const { stores: { inbox } } = installation;
      const { ask } = await createCommunity(installation);
      const inserted = await insertDamaged(installation, damagedQueries(DAMAGED_QUERIES), {
        coll: "report",
        indices: false,
      });
      const asked = [];
      for (let number = 0; number < SOUND; number++) asked.push(await ask(number));
      await assertAnswers(installation, () => inbox.status(nowSeconds()));
      // Not a number of runs: on a loaded machine a run may lose leases of a second.
      const deadline = Date.now() + PATIENCE;
      while (await unanswered(installation) > 0) {
        const { counts, maxAttempts } = await inbox.status(nowSeconds());
        ok(maxAttempts <= MAX_ATTEMPTS, String(maxAttempts));
        ok(Date.now() < deadline, JSON.stringify(counts));
        equal((await installation.run("run", "--once")).code, 0);
        await assertAnswers(installation, () => inbox.status(nowSeconds()));
        await sleep(1100, new AbortController().signal);
      }
      const { counts, quarantined = 0 } = await inbox.status(nowSeconds());
      deepEqual([counts.ready, counts.failed + quarantined], [SOUND, inserted]);
      for (const id of asked) {
        deepEqual((await inbox.find(id))!.data["status"], ["ready"]);
      }
    }));
}

/** Number of queries that wait or are processed. */
async function unanswered({ stores }: Installation): Promise<number> {
  const { wait, processing, delayed } = (await stores.inbox.status(nowSeconds())).counts;
  return wait + processing + delayed;
}

/** Asserts that the store says how things are, and so do the commands. */
async function assertAnswers(
  { run }: Installation,
  status: () => Promise<unknown>,
): Promise<void> {
  await status();
  for (const command of ["status", "doctor"]) {
    const { code, err } = await run(command, "--json");
    equal(code, 0, err);
  }
}
