import { deepEqual, equal } from "node:assert/strict";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { inboxBacklog } from "./backlog.ts";
import { settle } from "./community.ts";
import { type Installation, stop, untilLogged } from "./installation.ts";
import { long } from "./long.ts";
import { type Outage, testCutOff, testLockedOut } from "./outage.ts";
import { until } from "./until.ts";

const QUERIES = 150;
const never = new AbortController().signal;
// A lease longer than the test may take: what was in hand must be given back, not run out.
const options = { program: "report", report: { lease: 3600, parallel: 16 } } as const;

testCutOff(
  "report run on MongoDB goes on by itself after the database was away",
  options,
  checkGoingOn,
);

testLockedOut({
  name: "report run on SQLite goes on by itself after the database was locked",
  ignore: !long,
  options,
}, checkGoingOn);

async function checkGoingOn(outage: Outage, installation: Installation): Promise<void> {
  const { stores, start } = installation;
  await fill(installation);
  const program = start("run");
  const done = async () => (await inboxBacklog(stores)).done;
  await until(async () => await done() > 0, 30_000, "It answered nothing");
  equal(await done() < QUERIES, true);
  await outage.begin();
  await untilLogged(program, "Waiting for a database");
  await sleep(long ? 30_000 : 1000, never);
  outage.end();
  await until(async () => await done() === QUERIES, 30_000, "It did not go on");
  equal(await stop(program), 0);
  const { counts, leases } = await stores.inbox.status(nowSeconds());
  equal(counts.ready, QUERIES);
  deepEqual(leases, []);
}

async function fill(installation: Installation): Promise<void> {
  const { ask } = await settle(installation);
  await Promise.all(Array.from({ length: QUERIES }, (_, number) => ask(number)));
}
