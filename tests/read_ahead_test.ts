import { deepEqual, rejects } from "./assert.ts";
import { readAhead } from "../lib/read_ahead.ts";

async function* numbers(made: number[], count: number): AsyncGenerator<number> {
  for (let number = 1; number <= count; number++) {
    made.push(number);
    yield await Promise.resolve(number);
  }
}

Deno.test("readAhead yields all items in order", async () => {
  deepEqual(await Array.fromAsync(readAhead(numbers([], 5), 2)), [1, 2, 3, 4, 5]);
  deepEqual(await Array.fromAsync(readAhead(numbers([], 0), 2)), []);
});

Deno.test("readAhead makes so many items before they are asked for, and no more", async () => {
  const made: number[] = [];
  for await (const item of readAhead(numbers(made, 9), 2)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (item === 1) deepEqual(made, [1, 2, 3]);
    if (item === 4) break;
  }
  deepEqual(made, [1, 2, 3, 4, 5, 6]);
});

Deno.test("readAhead throws an error in its place", async () => {
  const seen: number[] = [];
  async function* broken() {
    yield await Promise.resolve(1);
    throw new Error("broken");
  }
  await rejects(async () => {
    for await (const item of readAhead(broken(), 2)) seen.push(item);
  }, /broken/);
  deepEqual(seen, [1]);
});
