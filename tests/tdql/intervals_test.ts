import { deepEqual, throws } from "../assert.ts";
import { type Interval, listIntervals } from "../../lib/tdql/intervals.ts";

const DAY = 86_400;

for (
  const [by, advice] of [
    ["hour", ", or by day, week or month"],
    ["day", ", or by week or month"],
    ["week", ", or by month"],
    ["month", ""],
  ] as const satisfies readonly (readonly [Interval, string])[]
) {
  Deno.test(`listIntervals by ${by} of too long a time says what helps`, () => {
    throws(() => listIntervals(by, { start: 0, end: 200_000 * DAY }, "UTC"), {
      message: `by ${by} would give more than 5000 rows: ask for a shorter time${advice}`,
    });
  });
}

Deno.test("listIntervals shows what a range touches, without gaps", () => {
  const found = listIntervals("month", { start: 40 * DAY, end: 100 * DAY }, "UTC");
  deepEqual(found.map(({ label }) => label), ["1970-02", "1970-03", "1970-04"]);
});
