import { deepEqual, equal } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { EntrySummary } from "../../lib/lake/lake.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { lakeBacklog } from "./backlog.ts";
import { install, type Installation } from "./installation.ts";
import { LONG } from "./long.ts";
import { stopForThreeLeases } from "./stopping.ts";

const ENTRIES = LONG ? 2000 : 400;
const LEASE = LONG ? 10 : 1;
const never = new AbortController().signal;

const mongo = mongoUrl();
stoppedTest("SQLite", undefined);
if (mongo !== undefined) stoppedTest("MongoDB", mongo);

function stoppedTest(name: string, mongo: string | undefined): void {
  Deno.test(`archive on ${name}, stopped for three leases, settles nothing that another worker has claimed`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16 },
    });
    const { stores, upload, start, run } = installation;
    try {
      const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
      await stores.lake.submit(await Promise.all(uploads));
      const program = start("run", "--json");
      const ended = program.output();
      const backlog = () => lakeBacklog(stores);
      await stopForThreeLeases({ program, installation, backlog, lease: LEASE });
      const before = await allEntries(installation);
      // This worker's lease cannot run out, however busy the host is.
      const other = await run("run", "--once", "--set", "archive.lease=3600");
      equal(other.code, 0, other.err);
      const after = await allEntries(installation);
      deepEqual(
        after.map(({ state, attempts }) => ({ state, attempts })),
        before.map(afterLastAttempt),
      );
      program.kill("SIGCONT");
      await sleep(500, never);
      program.kill("SIGTERM");
      const { code, stdout, stderr } = await ended;
      const log = new TextDecoder().decode(stderr);
      equal(code, 0, log);
      equal(JSON.parse(new TextDecoder().decode(stdout)).SUCCESS, before.filter(isDone).length);
      const held = before.filter((entry) => entry.attempts > 0 && !isDone(entry)).length;
      equal(log.match(/Lost the lease; another worker has the entry/g)?.length, held);
      deepEqual(await allEntries(installation), after);
      deepEqual((await stores.lake.status(nowSeconds())).leases, []);
      const { raw, event } = await stores.archive.count();
      deepEqual({ raw, event }, { raw: ENTRIES, event: undefined });
      equal((await run("verify")).code, 0);
    } finally {
      await installation.close();
    }
  });
}

function allEntries({ stores }: Installation): Promise<EntrySummary[]> {
  return stores.lake.list({}, ENTRIES + 1);
}

function isDone({ state }: EntrySummary): boolean {
  return state === "SUCCESS";
}

/** The entry after another worker has done what was left. */
function afterLastAttempt(entry: EntrySummary): Pick<EntrySummary, "state" | "attempts"> {
  return { state: "SUCCESS", attempts: entry.attempts + (isDone(entry) ? 0 : 1) };
}
