// A program of worker_test.ts, run with --expose-gc: writes how many bytes each batch leaves in the
// heap of a worker that goes on.
import { setImmediate as turn } from "node:timers/promises";
import { sleep } from "../lib/sleep.ts";
import { runWorker } from "../lib/worker.ts";

const BATCHES = 4000;
const stop = new AbortController();
let [claims, batches, before, after] = [0, 0, 0, 0];

function heap(): number {
  (globalThis as unknown as { gc(): void }).gc();
  return Deno.memoryUsage().heapUsed;
}

await runWorker({
  claim: () => {
    // Every second time there is nothing: the worker waits for the batch in hand, or for more.
    if (++claims % 2 === 0) return Promise.resolve([]);
    if (++batches === BATCHES) before = heap();
    if (batches === 2 * BATCHES) {
      after = heap();
      stop.abort();
    }
    return Promise.resolve([[batches]]);
  },
  isSuspect: () => false,
  work: () => turn().then(() => 0),
  renew: () => Promise.resolve(),
  giveBack: () => Promise.resolve(),
  waitForWork: sleep,
  onError: (error) => {
    throw error;
  },
}, { once: false, parallel: 2, renewEvery: 1000, grace: 1000, signal: stop.signal });
console.log((after - before) / BATCHES);
