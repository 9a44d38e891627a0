import { deepEqual, equal } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { Report } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { runUntilDone } from "./aborting.ts";
import { inboxBacklog, isDone } from "./backlog.ts";
import { createCommunity } from "./community.ts";
import { install } from "./installation.ts";
import { LONG } from "./long.ts";

const SOUND = LONG ? 1000 : 60;
const MAX_ATTEMPTS = LONG ? 10 : 2;

/** Seconds: with less, a busy machine loses leases of sound queries, too. */
const LEASE = 3;

const mongo = mongoUrl();
poisonTest("SQLite", undefined);
if (mongo !== undefined) poisonTest("MongoDB", mongo);

function poisonTest(name: string, mongo: string | undefined): void {
  Deno.test(`queryJob on ${name} fails a query that aborts its workers, and answers the rest`, async () => {
    const installation = await install({
      program: "report",
      ...(mongo !== undefined && { mongo }),
      report: { lease: LEASE, parallel: 16, max_attempts: MAX_ATTEMPTS },
    });
    const { stores } = installation;
    try {
      const { ask } = await createCommunity(installation);
      const asked: string[] = [];
      for (let number = 0; number <= SOUND; number++) asked.push(await ask(number));
      const poison = SOUND >> 1;
      const done = async () => isDone(await inboxBacklog(stores));
      const aborted = await runUntilDone(installation, {
        program: "report_poison_worker.ts",
        args: [String(poison)],
        isDone: done,
      });
      equal(aborted, MAX_ATTEMPTS);
      const { ready, failed } = (await stores.inbox.status(nowSeconds())).counts;
      deepEqual({ ready, failed }, { ready: SOUND, failed: 1 });
      const query = await stores.inbox.find(asked[poison]!);
      equal(query!.data["status"]![0], "failed");
      const [report] = await stores.reports.get([String(query!.data["report_id"]![0])]) as [Report];
      // What happened to the program is for its log, not for the asker.
      deepEqual(String(report.data).split(":")[0], "ServerError");
    } finally {
      await installation.close();
    }
  });
}
