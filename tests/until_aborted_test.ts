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
