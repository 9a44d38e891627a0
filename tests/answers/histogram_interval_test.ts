import { deepEqual } from "../assert.ts";
import { fittingInterval } from "../../lib/answers/histogram_interval.ts";
import type { Details } from "../../lib/tahoe/instance.ts";
import { report } from "../../lib/tahoe/report.ts";

const DAY = 86_400;

/** The interval for events in the first and the last second of some days. */
function intervalOf(days: number, further: Partial<Details> = {}) {
  const details: Details = {
    question: {},
    asked: {},
    found: [],
    events: 2n,
    range: { from: null, to: 2e9, tzname: "UTC" },
    first_seen: 0,
    last_seen: days * DAY,
    ...further,
  };
  return fittingInterval(report("count", 2n, { userid: "", timestamp: 0, details }));
}

Deno.test("fittingInterval chooses an interval by the time between the events", () => {
  deepEqual([0, 4, 5, 200, 201, 1464, 1465, 50_000, 200_000].map((days) => intervalOf(days)), [
    "hour",
    "hour",
    "day",
    "day",
    "week",
    "week",
    "month",
    "month",
    undefined,
  ]);
});

Deno.test("fittingInterval counts from and to the bounds of the question, if it has them", () => {
  const range = { from: -30 * DAY, to: 400 * DAY, tzname: "UTC" };
  deepEqual(intervalOf(1, { range }), "day");
  deepEqual(intervalOf(1, { range, question: { last: "430d" } }), "week");
});

Deno.test("fittingInterval chooses none if there are no events", () => {
  const details = { question: {}, asked: {}, found: [], events: 0n, range: {} };
  const empty = report("count", 0n, { userid: "", timestamp: 0, details });
  deepEqual(fittingInterval(empty), undefined);
});
