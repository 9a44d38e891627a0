import { deepEqual, equal, match, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { lakeBacklog } from "./backlog.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { LONG } from "./long.ts";
import { until } from "./until.ts";

/** More entries than a program archives before it stops on request. */
const ENTRIES = LONG ? 10_000 : 500;
const never = new AbortController().signal;
const mongo = mongoUrl();

runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, url: string | undefined): void {
  function test(what: string, body: (installation: Installation) => Promise<void>): void {
    Deno.test(`archive run on ${name} ${what}`, async () => {
      const installation = await install({
        ...(url !== undefined && { mongo: url }),
        archive: { lease: 2 },
      });
      try {
        await body(installation);
      } finally {
        await installation.close();
      }
    });
  }

  test("archives a new upload within a second after being idle", async (installation) => {
    const program = installation.start("run");
    await untilLogged(program, "Archive started");
    await sleep(2500, never);
    await installation.stores.lake.submit([await installation.upload("{}")]);
    const submitted = Date.now();
    while (await count(installation, "SUCCESS") === 0) await sleep(20, never);
    const waited = Date.now() - submitted;
    await stop(program);
    ok(waited < 1000, `waited ${waited} ms`);
  });

  test("told to stop during work, exits with 0 within ten seconds and leaves no lease", async (installation) => {
    const { stores, upload, start, run } = installation;
    const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
    await stores.lake.submit(await Promise.all(uploads));
    const program = start("run", "--set", "archive.batch=16");
    await until(
      async () => {
        const { done, owners } = await lakeBacklog(stores);
        return done > 0 && owners.length > 0;
      },
      30_000,
      "It was not at work",
    );
    const stopped = Date.now();
    equal(await stop(program), 0);
    const waited = Date.now() - stopped;
    ok(waited < 10_000, `${waited} ms`);
    const { counts, leases } = await stores.lake.status(nowSeconds());
    deepEqual(leases, []);
    ok(counts.SUCCESS < ENTRIES, String(counts.SUCCESS));
    equal(counts.WAITING + counts.DELAYED + counts.SUCCESS, ENTRIES);
    equal((await run("run", "--once")).code, 0);
    equal(await count(installation, "SUCCESS"), ENTRIES);
    equal((await stores.archive.count())["raw"], ENTRIES);
  });

  test("quarantines a poison entry, and archives the rest", async (installation) => {
    const { stores, upload, run } = installation;
    const [poison] = await stores.lake.submit([await upload('"poison"', { timestamp: 0 })]);
    await stores.lake.submit(
      await Promise.all(Array.from({ length: 5 }, (_, number) => upload(`${number}`))),
    );
    // Claim the entry ten times and never settle it, as workers that die of it do.
    for (let attempt = 0; attempt < 10; attempt++) {
      const now = 1000 * attempt;
      const claims = await stores.lake.claim({ owner: "died", limit: 1, lease: 1, now });
      deepEqual(claims.map(({ id }) => id), [poison]);
    }
    equal((await run("run", "--once")).code, 0);
    equal(await count(installation, "SUCCESS"), 5);
    const listed = await run("quarantine", "list", "--state", "ERROR", "--json");
    const [entry] = JSON.parse(listed.out);
    equal(entry.id, poison);
    match(entry.reason, /^Given up after 10 attempts/);
    equal((await run("quarantine", "replay", poison!)).code, 0);
    equal((await run("run", "--once")).code, 0);
    equal(await count(installation, "SUCCESS"), 6);
  });

  test("archives finished entries again with --force, and changes nothing", async (installation) => {
    const { stores, upload, run } = installation;
    await stores.lake.submit([
      await upload('{"ipv4": "192.0.2.1"}'),
      await upload('{"ipv4": "192.0.2.2"}'),
    ]);
    equal((await run("run", "--once")).code, 0);
    const before = await stores.archive.count();
    const forced = await run("run", "--once", "--force", "--json");
    deepEqual(JSON.parse(forced.out), {
      SUCCESS: 2,
      NOT_SUPPORTED: 0,
      ERROR: 0,
      RETRY: 0,
      events: 2,
      rejectedEvents: 0,
    });
    deepEqual(await stores.archive.count(), before);
  });

  test("exits with 78 before it claims anything if the key is missing", async (installation) => {
    await installation.stores.lake.submit([await installation.upload("1")]);
    await Deno.remove(installation.config.archive.privateKey);
    const { code, err } = await installation.run("run", "--once");
    equal(code, 78);
    match(err, /priv\.pem/);
    equal(await count(installation, "WAITING"), 1);
  });
}

async function count(
  { stores }: Installation,
  state: "SUCCESS" | "WAITING",
): Promise<number> {
  return (await stores.lake.status(nowSeconds())).counts[state];
}
