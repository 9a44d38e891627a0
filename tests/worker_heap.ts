// A program for worker_test.ts, run with --expose-gc: writes how many bytes each batch leaves in the
// heap of a running worker.
import { setImmediate as turn } from "node:timers/promises";
import { sleep } from "../lib/sleep.ts";
import { runWorker } from "../lib/worker.ts";

const BATCHES = 4000;
const stop = new AbortController();
let [claims, batches, before, after] = [0, 0, 0, 0];

function measureHeap(): number {
  (globalThis as unknown as { gc(): void }).gc();
  return Deno.memoryUsage().heapUsed;
}

await runWorker({
  claim: () => {
    // Every second claim finds nothing: the worker waits for the running batch or for new work.
    if (++claims % 2 === 0) return Promise.resolve([]);
    if (++batches === BATCHES) before = measureHeap();
    if (batches === 2 * BATCHES) {
      after = measureHeap();
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
