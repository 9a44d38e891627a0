import { deepEqual, equal } from "node:assert/strict";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { lakeBacklog } from "./backlog.ts";
import { type Installation, stop, untilLogged } from "./installation.ts";
import { long } from "./long.ts";
import { type Outage, testCutOff, testLockedOut } from "./outage.ts";
import { until } from "./until.ts";

const ENTRIES = 400;
const never = new AbortController().signal;
// A lease longer than the test may take: what was in hand must be given back, not run out.
const options = { archive: { lease: 3600, batch: 16 } };

testCutOff(
  "archive run on MongoDB goes on by itself after the database was away",
  options,
  checkGoingOn,
);

testLockedOut({
  name: "archive run on SQLite goes on by itself after the database was locked",
  ignore: !long,
  options,
}, checkGoingOn);

testCutOff(
  "archive run on MongoDB ends within ten seconds though the database is away",
  options,
  checkEnding,
);

testLockedOut({
  name: "archive run on SQLite ends within ten seconds though the database is locked",
  ignore: !long,
  options,
}, checkEnding);

async function checkGoingOn(outage: Outage, installation: Installation): Promise<void> {
  const { stores, start } = installation;
  await fill(installation);
  const program = start("run");
  const done = async () => (await lakeBacklog(stores)).done;
  await until(async () => await done() > 0, 30_000, "It archived nothing");
  equal(await done() < ENTRIES, true);
  await outage.begin();
  await untilLogged(program, "Waiting for a database");
  await sleep(long ? 30_000 : 1000, never);
  outage.end();
  await until(async () => await done() === ENTRIES, 30_000, "It did not go on");
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
  const told = Date.now();
  equal(await stop(program), 0);
  equal(Date.now() - told < 10_000, true, `${Date.now() - told} ms`);
  outage.end();
}

async function fill({ stores, upload }: Installation): Promise<void> {
  const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
  await stores.lake.submit(await Promise.all(uploads));
}
