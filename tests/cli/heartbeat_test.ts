import { deepEqual, equal, rejects } from "../assert.ts";
import { Heartbeat } from "../../lib/cli/heartbeat.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Job } from "../../lib/worker.ts";

const LIMIT = 200;
const never = new AbortController().signal;

Deno.test("Heartbeat is alive until its limit has passed", async () => {
  const heartbeat = new Heartbeat(LIMIT);
  equal(heartbeat.alive, true);
  await sleep(LIMIT + 20, never);
  equal(heartbeat.alive, false);
});

for (const step of ["claim", "work", "renew", "waitForWork"] as const) {
  Deno.test(`Heartbeat is alive again after ${step} fails, but not while it hangs`, async () => {
    const heartbeat = new Heartbeat(LIMIT);
    const broken = Promise.withResolvers<never>();
    const { [step]: watched } = heartbeat.watch({ ...IDLE, [step]: () => broken.promise });
    const failing = rejects((watched as () => Promise<unknown>)(), /broken/);
    await sleep(LIMIT + 20, never);
    equal(heartbeat.alive, false);
    broken.reject(new Error("broken"));
    await failing;
    equal(heartbeat.alive, true);
  });
}

Deno.test("Heartbeat does not change the arguments and results of a job", async () => {
  const { claim, work } = new Heartbeat(LIMIT).watch<string>({
    ...IDLE,
    claim: (room) => Promise.resolve([[`room ${room}`]]),
    work: (claims) => Promise.resolve(claims.length),
  });
  deepEqual(await claim(3), [["room 3"]]);
  equal(await work(["a", "b"]), 2);
});

const IDLE: Job<string> = {
  claim: () => Promise.resolve([]),
  isSuspect: () => false,
  work: () => Promise.resolve(0),
  renew: () => Promise.resolve(),
  giveBack: () => Promise.resolve(),
  waitForWork: () => Promise.resolve(),
  onError: () => {},
};
