import { deepEqual, equal, ok } from "node:assert/strict";
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

/** A job whose claims are given out batch by batch; what it does is written down. */
class Diary implements Job<string> {
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

Deno.test("runWorker with once works until nothing is left, as many batches at once as allowed", async () => {
  const diary = new Diary([["a", "b"], ["c"], ["d"], ["e"]]);
  equal(await runWorker(diary, options), 0);
  deepEqual(diary.done.toSorted(), ["a", "b", "c", "d", "e"]);
  equal(diary.mostRunning, 2);
  equal(diary.rests, 0);
});

Deno.test("runWorker works on suspects when nothing else is in hand", async () => {
  const diary = new Diary([["slow"], ["suspect"], ["a"]]);
  await runWorker(diary, options);
  deepEqual(diary.done, ["slow", "suspect", "a"]);
  equal(diary.mostRunning, 1);
});

Deno.test("runWorker claims what comes in while a batch is in hand", async () => {
  const stop = new AbortController();
  const diary = new Diary([["slow"], []]);
  const ended = runWorker(diary, { ...options, once: false, signal: stop.signal });
  while (diary.rests < 2) await sleep(5, never);
  diary.batches.push(["late"]);
  while (!diary.done.includes("slow")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(diary.done, ["late", "slow"]);
});

Deno.test("runWorker asks for no more batches than there is room for", async () => {
  const rooms: number[] = [];
  const diary = new Diary([]);
  diary.claim = (room) => {
    rooms.push(room);
    return Promise.resolve(rooms.length === 1 ? [["slow"], ["slow"], ["a"]].slice(0, room) : []);
  };
  await runWorker(diary, { ...options, parallel: 3 });
  deepEqual(rooms.slice(0, 2), [3, 1]);
});

Deno.test("runWorker keeps leases alive, also of suspects that wait their turn", async () => {
  const diary = new Diary([["slow"], ["suspect"]]);
  await runWorker(diary, options);
  equal(diary.renewed.filter((claim) => claim === "slow").length >= 5, true);
  equal(diary.renewed.filter((claim) => claim === "suspect").length >= 5, true);
});

Deno.test("runWorker counts what failed for reasons of ours, and goes on", async () => {
  const diary = new Diary([["fails", "a"], ["throws"], ["b"]]);
  equal(await runWorker(diary, options), 2);
  deepEqual(diary.done.toSorted(), ["a", "b", "fails"]);
  deepEqual(diary.errors, ["Error: thrown"]);
});

Deno.test("runWorker gives back what broke off, as soon as the store answers again", async () => {
  const diary = new Diary([["throws", "a"], ["b"]]);
  const stop = new AbortController();
  diary.away = true;
  const ended = runWorker(diary, { ...options, once: false, parallel: 1, signal: stop.signal });
  while (diary.rests < 3) await sleep(5, never);
  deepEqual(diary.givenBack, []);
  diary.away = false;
  while (!diary.done.includes("b")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(diary.givenBack, ["throws: Error: thrown", "a: Error: thrown"]);
});

Deno.test("runWorker with once gives back what broke off before it ends", async () => {
  const diary = new Diary([["a"], ["throws"]]);
  equal(await runWorker(diary, options), 1);
  deepEqual(diary.givenBack, ["throws: Error: thrown"]);
});

Deno.test("runWorker with once ends when it cannot claim", async () => {
  const diary = new Diary([new Error("away"), ["a"]]);
  equal(await runWorker(diary, options), 1);
  deepEqual(diary.done, []);
});

Deno.test("runWorker rests when there is nothing to do or something failed, and claims again", async () => {
  const diary = new Diary([new Error("away"), [], ["fails"], ["a"]]);
  const stop = new AbortController();
  const ended = runWorker(diary, { ...options, once: false, parallel: 1, signal: stop.signal });
  while (!diary.done.includes("a")) await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(diary.done, ["fails", "a"]);
  equal(diary.rests >= 3, true);
});

Deno.test("runWorker finishes what is in hand when the signal aborts, and claims no more", async () => {
  const stop = new AbortController();
  const diary = new Diary([["a"], ["b"], ["c"]]);
  const ended = runWorker(diary, { ...options, parallel: 1, signal: stop.signal });
  await sleep(5, never);
  stop.abort();
  await ended;
  deepEqual(diary.done, ["a"]);
  deepEqual(diary.givenBack, []);
});

Deno.test("runWorker gives back what is not finished within the grace", async () => {
  const stop = new AbortController();
  const diary = new Diary([["slow"], ["b"]]);
  const ended = runWorker(diary, { ...options, signal: stop.signal });
  await sleep(100, never);
  stop.abort();
  await ended;
  deepEqual(diary.givenBack, ["slow: The worker was told to stop"]);
  while (diary.running > 0) await sleep(5, never);
});

Deno.test("runWorker does not wait for a store that is away when it is told to stop", async () => {
  const stop = new AbortController();
  const diary = new Diary([["throws"]]);
  diary.giveBack = () => new Promise(() => {});
  const ended = runWorker(diary, { ...options, once: false, signal: stop.signal });
  await sleep(50, never);
  const told = Date.now();
  stop.abort();
  equal(await ended, 1);
  equal(Date.now() - told < 3000, true);
});

Deno.test("runWorker gives back what a claim brings after it was told to stop", async () => {
  const stop = new AbortController();
  const diary = new Diary([]);
  diary.claim = () => sleep(30, never).then(() => [["late"]]);
  const ended = runWorker(diary, { ...options, signal: stop.signal });
  stop.abort();
  await ended;
  deepEqual(diary.done, []);
  deepEqual(diary.givenBack, ["late: The worker was told to stop"]);
});

Deno.test("runWorker leaves nothing in memory of the batches that are done", async () => {
  const program = fileURLToPath(new URL("worker_heap.ts", import.meta.url));
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--v8-flags=--expose-gc", program],
    stderr: "inherit",
  }).output();
  equal(code, 0);
  const bytes = Number(new TextDecoder().decode(stdout));
  ok(bytes < 40, `${bytes} bytes of each batch`);
});
