import { deepEqual, equal, rejects } from "node:assert/strict";
import { Heartbeat } from "../../lib/cli/heartbeat.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Job } from "../../lib/worker.ts";

const LIMIT = 200;
const never = new AbortController().signal;

Deno.test("Heartbeat is alive as long as it is younger than its limit", async () => {
  const pulse = new Heartbeat(LIMIT);
  equal(pulse.alive, true);
  await sleep(LIMIT + 20, never);
  equal(pulse.alive, false);
});

for (const step of ["claim", "work", "renew", "waitForWork"] as const) {
  Deno.test(`Pulse is alive again after ${step} failed, but not while it hangs`, async () => {
    const pulse = new Heartbeat(LIMIT);
    const broken = Promise.withResolvers<never>();
    const { [step]: watched } = pulse.watch({ ...idle, [step]: () => broken.promise });
    const failing = rejects((watched as () => Promise<unknown>)(), /broken/);
    await sleep(LIMIT + 20, never);
    equal(pulse.alive, false);
    broken.reject(new Error("broken"));
    await failing;
    equal(pulse.alive, true);
  });
}

Deno.test("Heartbeat leaves what the job is given and gives as they are", async () => {
  const { claim, work } = new Heartbeat(LIMIT).watch<string>({
    ...idle,
    claim: (room) => Promise.resolve([[`room ${room}`]]),
    work: (claims) => Promise.resolve(claims.length),
  });
  deepEqual(await claim(3), [["room 3"]]);
  equal(await work(["a", "b"]), 2);
});

const idle: Job<string> = {
  claim: () => Promise.resolve([]),
  isSuspect: () => false,
  work: () => Promise.resolve(0),
  renew: () => Promise.resolve(),
  giveBack: () => Promise.resolve(),
  waitForWork: () => Promise.resolve(),
  onError: () => {},
};
