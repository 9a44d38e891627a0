import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { lakeBacklog } from "./backlog.ts";
import { type Installation, stop, untilLogged } from "./installation.ts";
import { LONG } from "./long.ts";
import { type Outage, testCutOff, testLockedOut } from "./outage.ts";
import { until } from "./until.ts";

const ENTRIES = 400;
const never = new AbortController().signal;
// A lease longer than the test may take: claims must be given back, not run out.
const OPTIONS = { archive: { lease: 3600, batch: 16 } };

testCutOff(
  "archive run on MongoDB continues by itself after the database was unreachable",
  OPTIONS,
  checkContinues,
);

testLockedOut({
  name: "archive run on SQLite continues by itself after the database was locked",
  ignore: !LONG,
  options: OPTIONS,
}, checkContinues);

testCutOff(
  "archive run on MongoDB ends within ten seconds while the database is unreachable",
  OPTIONS,
  checkEnding,
);

testLockedOut({
  name: "archive run on SQLite ends within ten seconds while the database is locked",
  ignore: !LONG,
  options: OPTIONS,
}, checkEnding);

async function checkContinues(outage: Outage, installation: Installation): Promise<void> {
  const { stores, start } = installation;
  await fill(installation);
  const program = start("run");
  const done = async () => (await lakeBacklog(stores)).done;
  await until(async () => await done() > 0, 30_000, "It archived nothing");
  const before = await done();
  ok(before < ENTRIES, String(before));
  await outage.begin();
  await untilLogged(program, "Waiting for a database");
  await sleep(LONG ? 30_000 : 1000, never);
  outage.end();
  await until(async () => await done() === ENTRIES, 30_000, "It did not continue");
  equal(await stop(program), 0);
  const { counts, leases } = await stores.lake.status(nowSeconds());
  equal(counts.SUCCESS, ENTRIES);
  deepEqual(leases, []);
  equal((await stores.archive.count())["raw"], ENTRIES);
}

async function checkEnding(outage: Outage, installation: Installation): Promise<void> {
  await fill(installation);
  const program = installation.start("run");
  const begun = async () => (await lakeBacklog(installation.stores)).done > 0;
  await until(begun, 30_000, "It archived nothing");
  await outage.begin();
  const stopped = Date.now();
  equal(await stop(program), 0);
  const waited = Date.now() - stopped;
  ok(waited < 10_000, `${waited} ms`);
  outage.end();
}

async function fill({ stores, upload }: Installation): Promise<void> {
  const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
  await stores.lake.submit(await Promise.all(uploads));
}
