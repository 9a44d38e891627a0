import { deepEqual } from "./assert.ts";
import { untilAborted } from "../lib/until_aborted.ts";

async function* count(): AsyncIterable<number> {
  yield 1;
  yield 2;
  await new Promise(() => {});
}

Deno.test("untilAborted yields everything if the signal does not abort", async () => {
  async function* two() {
    yield 1;
    yield 2;
  }
  deepEqual(await Array.fromAsync(untilAborted(two(), new AbortController().signal)), [1, 2]);
});

Deno.test("untilAborted ends when the signal aborts, whatever is awaited", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  for await (const number of untilAborted(count(), controller.signal)) {
    seen.push(number);
    if (number === 2) queueMicrotask(() => controller.abort());
  }
  deepEqual(seen, [1, 2]);
  deepEqual(await Array.fromAsync(untilAborted(count(), controller.signal)), []);
});

Deno.test("untilAborted keeps nothing of what it has yielded", async () => {
  async function* mebibytes() {
    for (let number = 1; number <= 300; number++) {
      yield { number, bytes: new Uint8Array(1024 ** 2) };
    }
  }
  const before = Deno.memoryUsage().external;
  for await (const { number } of untilAborted(mebibytes(), new AbortController().signal)) {
    if (number === 300) await untilFreed(before + 100 * 1024 ** 2);
  }
});

/** Milliseconds within which memory is freed that nobody holds, even on busy cores. */
const PATIENCE = 30_000;

/** Arrays that garbage is kept with: what is young for all its life lets nothing old be collected. */
const KEPT = 20;

/** Makes garbage until no more bytes than these are held outside of the heap. */
async function untilFreed(bytes: number): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (let kept: unknown[] = []; performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    kept = [...kept.slice(1 - KEPT), new Array(1_000_000).fill(0)];
    if (Deno.memoryUsage().external < bytes) return;
  }
  throw new Error(`${Deno.memoryUsage().external} bytes are still held`);
}
