import { deepEqual, equal } from "./assert.ts";
import { backoff } from "../lib/backoff.ts";

const NEARLY_ONE = 1 - Number.EPSILON / 2;

Deno.test("backoff doubles with every attempt and stops at an hour", () => {
  const seconds = [0, 1, 2, 5, 11, 12, 60, 2000].map((attempts) => backoff(attempts, () => 0));
  deepEqual(seconds, [1, 2, 4, 32, 2048, 3600, 3600, 3600]);
});

Deno.test("backoff adds thousandths from 0 to 1 second, both ends included", () => {
  const seconds = [0, 0.0009, 0.001, 0.5, NEARLY_ONE].map((random) => backoff(0, () => random));
  deepEqual(seconds, [1, 1, 1.001, 1.5, 2]);
});

Deno.test("backoff never exceeds an hour, jitter included", () => {
  equal(backoff(12, () => NEARLY_ONE), 3600);
});
