import { equal, rejects } from "../assert.ts";
import { QuestionLimit } from "../../lib/door/question_limit.ts";
import { Refusal } from "../../lib/door/refusal.ts";

Deno.test("QuestionLimit refuses a caller's questions beyond the limit, until one ends", async () => {
  const limit = new QuestionLimit(2);
  const { promise, resolve } = Promise.withResolvers<number>();
  const running = [limit.run("a", () => promise), limit.run("a", () => promise)];
  await rejects(limit.run("a", () => promise), Refusal);
  equal(await limit.run("b", () => Promise.resolve(1)), 1);
  resolve(2);
  equal((await Promise.all(running)).length, 2);
  equal(await limit.run("a", () => Promise.resolve(3)), 3);
});

Deno.test("QuestionLimit counts a question that fails as ended", async () => {
  const limit = new QuestionLimit(1);
  await rejects(limit.run("a", () => Promise.reject(new RangeError())), RangeError);
  equal(await limit.run("a", () => Promise.resolve(1)), 1);
});
