import { deepEqual, equal, match, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Report } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog } from "./backlog.ts";
import { ADDRESS, type Community, createCommunity, EMAIL, EVENTS } from "./community.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { LONG } from "./long.ts";
import { until } from "./until.ts";

/** More queries than a program answers before it stops on request. */
const QUERIES = LONG ? 3000 : 150;
/** Seconds that a busy machine may stand still without a program losing what it has claimed. */
const LONG_LEASE = ["--set", "report.lease=60"];

const never = new AbortController().signal;
const mongo = mongoUrl();

runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, url: string | undefined): void {
  function test(
    what: string,
    body: (installation: Installation, community: Community) => Promise<void>,
  ): void {
    Deno.test(`report on ${name} ${what}`, async () => {
      const installation = await install({
        program: "report",
        ...(url !== undefined && { mongo: url }),
        report: { lease: 2 },
      });
      try {
        await body(installation, await createCommunity(installation));
      } finally {
        await installation.close();
      }
    });
  }

  test(
    "notifies the caller once the report is stored, even after being idle",
    async (installation, { ask }) => {
      const { stores, start } = installation;
      const program = start("run");
      await untilLogged(program, "Report started");
      await sleep(2500, never);
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const asked = Date.now();
      const hash = await ask(0, listener.addr.port, "the nonce");
      using caller = await Promise.race([listener.accept(), unexpectedEnd(program)]);
      const waited = Date.now() - asked;
      const bytes = new Uint8Array(100);
      const length = await caller.read(bytes);
      equal(new TextDecoder().decode(bytes.subarray(0, length!)), "the nonce");
      const query = await stores.inbox.find(hash);
      const [report] = await stores.reports.get([String(query!.data["report_id"]![0])]) as [Report];
      equal(report.data, BigInt(EVENTS));
      equal(await stop(program), 0);
      ok(waited < 1000, `waited ${waited} ms`);
    },
  );

  test(
    "answers queries asked before it started, and ends with --once",
    async (installation, { ask }) => {
      for (let number = 0; number < 70; number++) await ask(number);
      const { code, out } = await installation.run("run", "--once", "--json", ...LONG_LEASE);
      equal(code, 0);
      deepEqual(JSON.parse(out), { ready: 70, failed: 0, lost: 0 });
    },
  );

  test(
    "told to stop during work, exits with 0 within ten seconds and leaves no lease",
    async (installation, { ask }) => {
      const { stores, start, run } = installation;
      await Promise.all(Array.from({ length: QUERIES }, (_, number) => ask(number)));
      const program = start("run", "--set", "report.parallel=16", ...LONG_LEASE);
      await until(
        async () => {
          const { done, owners } = await inboxBacklog(stores);
          return done > 0 && owners.length > 0;
        },
        30_000,
        "It was not at work",
      );
      const stopped = Date.now();
      equal(await stop(program), 0);
      const waited = Date.now() - stopped;
      ok(waited < 10_000, `${waited} ms`);
      const { counts, leases } = await stores.inbox.status(nowSeconds());
      deepEqual(leases, []);
      ok(counts.ready < QUERIES, String(counts.ready));
      equal(counts.wait + counts.delayed + counts.ready, QUERIES);
      const { out } = await run("run", "--once", "--json", ...LONG_LEASE);
      deepEqual(JSON.parse(out), { ready: QUERIES - counts.ready, failed: 0, lost: 0 });
    },
  );

  test("answers the query command, through the service and in its own process", async (installation) => {
    const { start, run } = installation;
    const program = start("run");
    await untilLogged(program, "Report started");
    const asked = await run("query", "count", "ipv4", ADDRESS, "--user", EMAIL, "--json");
    equal(asked.code, 0, asked.err);
    const answer = JSON.parse(asked.out);
    equal(answer.data, EVENTS);
    deepEqual(answer.found, [{ sub_type: "ipv4", data: ADDRESS, events: EVENTS }]);
    equal(await stop(program), 0);
    const here = await run("query", "count", "ipv4", ADDRESS, "--now");
    match(here.out, new RegExp(`^ipv4 ${ADDRESS}: ${EVENTS} events\n`));
  });

  test("reports that there is no answer when no service runs", async ({ run }) => {
    const { code, err } = await run("query", "count", "ipv4", ADDRESS, "--timeout", "1");
    equal(code, 1);
    match(err, /No answer within 1 s: is "report run" running\?/);
  });

  test("waits for an answer until it is told to stop, and then prints nothing", async ({ start, stores }) => {
    const program = start("query", "count", "ipv4", ADDRESS);
    const ended = program.output();
    const isAsked = async () => (await stores.inbox.status(0)).counts.wait === 1;
    await until(isAsked, 10_000, "The query did not arrive");
    program.kill("SIGINT");
    const { signal, stdout, stderr } = await ended;
    equal(signal, "SIGINT");
    deepEqual([...stdout, ...stderr], []);
  });

  test(
    "fails a query that kills its workers, and answers the rest",
    async (installation, { ask }) => {
      const { stores, run } = installation;
      const poison = await ask(0);
      for (let attempt = 0; attempt < 10; attempt++) {
        const now = 1000 * attempt;
        const claims = await stores.inbox.claim({ owner: "died", limit: 1, lease: 1, now });
        deepEqual(claims.map(({ id }) => id), [poison]);
      }
      const sound = await ask(1);
      const { out } = await run("run", "--once", "--json");
      deepEqual(JSON.parse(out), { ready: 1, failed: 1, lost: 0 });
      equal((await stores.inbox.find(sound))!.data["status"]![0], "ready");
      equal((await stores.inbox.find(poison))!.data["status"]![0], "failed");
    },
  );
}

async function unexpectedEnd(program: Deno.ChildProcess): Promise<never> {
  const { code } = await program.status;
  throw new Error(`The program ended with ${code}`);
}
