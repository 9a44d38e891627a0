import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { inboxBacklog } from "./backlog.ts";
import { createCommunity } from "./community.ts";
import { type Installation, stop, untilLogged } from "./installation.ts";
import { LONG } from "./long.ts";
import { type Outage, testCutOff, testLockedOut } from "./outage.ts";
import { until } from "./until.ts";

const QUERIES = 150;
const never = new AbortController().signal;
// A lease longer than the test may take: claims must be given back, not run out.
const OPTIONS = { program: "report", report: { lease: 3600, parallel: 16 } } as const;

testCutOff(
  "report run on MongoDB continues by itself after the database was unreachable",
  OPTIONS,
  checkContinues,
);

testLockedOut({
  name: "report run on SQLite continues by itself after the database was locked",
  ignore: !LONG,
  options: OPTIONS,
}, checkContinues);

async function checkContinues(outage: Outage, installation: Installation): Promise<void> {
  const { stores, start } = installation;
  await fill(installation);
  const program = start("run");
  const done = async () => (await inboxBacklog(stores)).done;
  await until(async () => await done() > 0, 30_000, "It answered nothing");
  const before = await done();
  ok(before < QUERIES, String(before));
  await outage.begin();
  await untilLogged(program, "Waiting for a database");
  await sleep(LONG ? 30_000 : 1000, never);
  outage.end();
  await until(async () => await done() === QUERIES, 30_000, "It did not continue");
  equal(await stop(program), 0);
  const { counts, leases } = await stores.inbox.status(nowSeconds());
  equal(counts.ready, QUERIES);
  deepEqual(leases, []);
}

async function fill(installation: Installation): Promise<void> {
  const { ask } = await createCommunity(installation);
  await Promise.all(Array.from({ length: QUERIES }, (_, number) => ask(number)));
}
