import { deepEqual, equal, ok } from "./assert.ts";
import { fileURLToPath } from "node:url";
import { sleep } from "../lib/sleep.ts";
import { type Job, runWorker, type WorkerOptions } from "../lib/worker.ts";

const never = new AbortController().signal;
const options: WorkerOptions = {
  once: true,
  parallel: 2,
  renewEvery: 10,
  grace: 50,
  signal: never,
};

/** A job that hands out its claims batch by batch, and records what happens to them. */
class RecordingJob implements Job<string> {
  readonly done: string[] = [];
  readonly renewed: string[] = [];
  readonly givenBack: string[] = [];
  readonly errors: string[] = [];
  readonly batches: (readonly string[] | Error)[];
  away = false;
  rests = 0;
  running = 0;
  mostRunning = 0;

  constructor(batches: (readonly string[] | Error)[]) {
    this.batches = batches;
  }

  claim = (_room: number): Promise<readonly (readonly string[])[]> => {
    const next = this.batches.shift();
    if (next instanceof Error) return Promise.reject(next);
    return Promise.resolve(next === undefined || next.length === 0 ? [] : [next]);
  };

  isSuspect = (claims: readonly string[]) => claims.includes("suspect");

  work = async (claims: readonly string[]) => {
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await sleep(claims.includes("slow") ? 200 : 15, never);
    this.running--;
    if (claims.includes("throws")) throw new Error("thrown");
    this.done.push(...claims);
    return claims.filter((claim) => claim === "fails").length;
  };

  renew = (claims: readonly string[]) => {
    this.renewed.push(...claims);
    return Promise.resolve();
  };

  giveBack = (claims: readonly string[], reason: string) => {
    if (this.away) return Promise.reject(new Error("away"));
    this.givenBack.push(...claims.map((claim) => `${claim}: ${reason}`));
    return Promise.resolve();
  };

  waitForWork = (_ms: number, signal: AbortSignal) => {
    this.rests++;
    return sleep(5, signal);
  };

  onError = (error: unknown) => {
    this.errors.push(String(error));
  };
}

Deno.test("runWorker with once works until nothing is left, on as many batches at a time as allowed", async () => {
  const job = new RecordingJob([["a", "b"], ["c"], ["d"], ["e"]]);
  equal(await runWorker(job, options), 0);
  deepEqual(job.done.toSorted(), ["a", "b", "c", "d", "e"]);
  equal(job.mostRunning, 2);
  equal(job.rests, 0);
});

Deno.test("runWorker works on suspects alone", async () => {
  const job = new RecordingJob([["slow"], ["suspect"], ["a"]]);
  await runWorker(job, options);
  deepEqual(job.done, ["slow", "suspect", "a"]);
  equal(job.mostRunning, 1);
});

Deno.test("runWorker claims new work while a batch is running", async () => {
  const stop = new AbortController();
  const job = new RecordingJob([["slow"], []]);
  const ended = runWorker(job, { ...options, once: false, signal: stop.signal });
  while (job.rests < 2) await sleep(5, never);
  job.batches.push(["late"]);
  while (!job.done.includes("slow")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(job.done, ["late", "slow"]);
});

Deno.test("runWorker claims no more batches than it has room for", async () => {
  const rooms: number[] = [];
  const job = new RecordingJob([]);
  job.claim = (room) => {
    rooms.push(room);
    return Promise.resolve(rooms.length === 1 ? [["slow"], ["slow"], ["a"]].slice(0, room) : []);
  };
  await runWorker(job, { ...options, parallel: 3 });
  deepEqual(rooms.slice(0, 2), [3, 1]);
});

Deno.test("runWorker keeps leases alive, including those of waiting suspects", async () => {
  const job = new RecordingJob([["slow"], ["suspect"]]);
  await runWorker(job, options);
  for (const name of ["slow", "suspect"]) {
    const renewals = job.renewed.filter((claim) => claim === name).length;
    ok(renewals >= 5, `${renewals} of ${name}`);
  }
});

Deno.test("runWorker counts failures through no fault of the data, and goes on", async () => {
  const job = new RecordingJob([["fails", "a"], ["throws"], ["b"]]);
  equal(await runWorker(job, options), 2);
  deepEqual(job.done.toSorted(), ["a", "b", "fails"]);
  deepEqual(job.errors, ["Error: thrown"]);
});

Deno.test("runWorker gives back an unfinished batch once the store answers again", async () => {
  const job = new RecordingJob([["throws", "a"], ["b"]]);
  const stop = new AbortController();
  job.away = true;
  const ended = runWorker(job, { ...options, once: false, parallel: 1, signal: stop.signal });
  while (job.rests < 3) await sleep(5, never);
  deepEqual(job.givenBack, []);
  job.away = false;
  while (!job.done.includes("b")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(job.givenBack, ["throws: Error: thrown", "a: Error: thrown"]);
});

Deno.test("runWorker with once gives back an unfinished batch before it ends", async () => {
  const job = new RecordingJob([["a"], ["throws"]]);
  equal(await runWorker(job, options), 1);
  deepEqual(job.givenBack, ["throws: Error: thrown"]);
});

Deno.test("runWorker with once ends when it cannot claim", async () => {
  const job = new RecordingJob([new Error("away"), ["a"]]);
  equal(await runWorker(job, options), 1);
  deepEqual(job.done, []);
});

Deno.test("runWorker rests when there is nothing to do or something failed, and claims again", async () => {
  const job = new RecordingJob([new Error("away"), [], ["fails"], ["a"]]);
  const stop = new AbortController();
  const ended = runWorker(job, { ...options, once: false, parallel: 1, signal: stop.signal });
  while (!job.done.includes("a")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(job.done, ["fails", "a"]);
  ok(job.rests >= 3, String(job.rests));
});

Deno.test("runWorker finishes running batches when the signal aborts, and claims no more", async () => {
  const stop = new AbortController();
  const job = new RecordingJob([["a"], ["b"], ["c"]]);
  const ended = runWorker(job, { ...options, parallel: 1, signal: stop.signal });
  await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(job.done, ["a"]);
  deepEqual(job.givenBack, []);
});

Deno.test("runWorker gives back what is not finished within the grace period", async () => {
  const stop = new AbortController();
  const job = new RecordingJob([["slow"], ["b"]]);
  const ended = runWorker(job, { ...options, signal: stop.signal });
  await sleep(100, never);
  stop.abort();
  await ended;
  deepEqual(job.givenBack, ["slow: The worker was told to stop"]);
  while (job.running > 0) await sleep(5, never);
});

Deno.test("runWorker does not wait for an unreachable store when it is told to stop", async () => {
  const stop = new AbortController();
  const job = new RecordingJob([["throws"]]);
  job.giveBack = () => new Promise(() => {});
  const ended = runWorker(job, { ...options, once: false, signal: stop.signal });
  await sleep(50, never);
  const aborted = Date.now();
  stop.abort();
  equal(await ended, 1);
  const waited = Date.now() - aborted;
  ok(waited < 3000, `${waited} ms`);
});

Deno.test("runWorker gives back what it claimed after it was told to stop", async () => {
  const stop = new AbortController();
  const job = new RecordingJob([]);
  job.claim = () => sleep(30, never).then(() => [["late"]]);
  const ended = runWorker(job, { ...options, signal: stop.signal });
  stop.abort();
  await ended;
  deepEqual(job.done, []);
  deepEqual(job.givenBack, ["late: The worker was told to stop"]);
});

Deno.test("runWorker leaves nothing of finished batches in memory", async () => {
  const program = fileURLToPath(new URL("worker_heap.ts", import.meta.url));
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--v8-flags=--expose-gc", program],
    stderr: "inherit",
  }).output();
  equal(code, 0);
  const bytes = Number(new TextDecoder().decode(stdout));
  ok(bytes < 40, `${bytes} bytes of each batch`);
});
