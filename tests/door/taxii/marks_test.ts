import { deepEqual, equal } from "../../assert.ts";
import { Marks } from "../../../lib/door/taxii/marks.ts";

/** Marks over a store whose last serial and clock the test sets. */
function openMarks() {
  const state = { serial: "a", now: 100 };
  const graph = { lastSerial: () => Promise.resolve(state.serial) };
  return { state, marks: new Marks(graph, () => state.now) };
}

Deno.test("Marks give what was there before, and what comes, the time of the look", async () => {
  const { state, marks } = openMarks();
  equal(await marks.look(), "a");
  Object.assign(state, { serial: "c", now: 200 });
  equal(await marks.look(), "c");
  deepEqual(["", "a", "b", "c"].map((serial) => marks.timeOf(serial)), [
    100_000,
    100_000,
    200_000,
    200_000,
  ]);
  deepEqual([99_999, 100_000, 199_999, 200_000].map((time) => marks.serialAt(time)), [
    "",
    "a",
    "a",
    "c",
  ]);
});

Deno.test("Marks give each look that finds something a later time, whatever the clock says", async () => {
  const { state, marks } = openMarks();
  await marks.look();
  Object.assign(state, { serial: "b", now: 50 });
  await marks.look();
  equal(marks.timeOf("b"), 100_001);
  equal(marks.serialAt(100_000), "a");
});

Deno.test("Marks never give something an earlier time than a client may have asked after", async () => {
  const { state, marks } = openMarks();
  for (let i = 0; i < 20_000; i++) {
    Object.assign(state, { serial: String(i).padStart(5, "0"), now: i });
    await marks.look();
    if (i % 1000 === 0) {
      for (let k = 0; k <= i; k += 97) {
        equal(marks.timeOf(String(k).padStart(5, "0")) >= k * 1000, true);
      }
    }
  }
});
