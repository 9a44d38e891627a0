import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog } from "./backlog.ts";
import { createCommunity } from "./community.ts";
import { install } from "./installation.ts";
import { LONG } from "./long.ts";
import { stopForThreeLeases } from "./stopping.ts";

const QUERIES = LONG ? 1000 : 100;
const LEASE = LONG ? 10 : 1;
const never = new AbortController().signal;

const mongo = mongoUrl();
stoppedTest("SQLite", undefined);
if (mongo !== undefined) stoppedTest("MongoDB", mongo);

function stoppedTest(name: string, mongo: string | undefined): void {
  Deno.test(`report on ${name}, stopped for three leases, ends no query that another worker has claimed`, async () => {
    const installation = await install({
      program: "report",
      ...(mongo !== undefined && { mongo }),
      report: { lease: LEASE, parallel: 16 },
    });
    const { stores, start, run } = installation;
    try {
      const { ask } = await createCommunity(installation);
      const asked = await Promise.all(Array.from({ length: QUERIES }, (_, number) => ask(number)));
      // The parts of each query, including its status and its report.
      const findParts = () =>
        Promise.all(asked.map(async (hash) => (await stores.inbox.find(hash))!._ref));
      const program = start("run", "--json");
      const ended = program.output();
      const backlog = () => inboxBacklog(stores);
      await stopForThreeLeases({ program, installation, backlog, lease: LEASE });
      const before = await backlog();
      // This worker's lease cannot run out, however busy the host is.
      const other = await run("run", "--once", "--json", "--set", "report.lease=3600");
      equal(other.code, 0, other.err);
      const left = before.inHand + before.waiting;
      deepEqual(JSON.parse(other.out), { ready: left, failed: 0, lost: 0 });
      const answered = await findParts();
      const { report: reports } = await stores.reports.count();
      program.kill("SIGCONT");
      await sleep(500, never);
      program.kill("SIGTERM");
      const { code, stdout, stderr } = await ended;
      equal(code, 0, new TextDecoder().decode(stderr));
      const { ready, failed, lost } = JSON.parse(new TextDecoder().decode(stdout));
      deepEqual([ready, failed], [before.done, 0]);
      // On MongoDB a program may be stopped after it claimed several queries, and before it read them:
      // when it does, they are not its own any more.
      ok(lost <= before.inHand && (mongo !== undefined || lost === before.inHand), String(lost));
      deepEqual(await findParts(), answered);
      equal((await stores.reports.count())["report"], reports);
      const { counts, leases } = await stores.inbox.status(nowSeconds());
      equal(counts.ready, QUERIES);
      deepEqual(leases, []);
    } finally {
      await installation.close();
    }
  });
}
