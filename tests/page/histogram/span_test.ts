import { deepEqual, equal } from "../../assert.ts";
import { spanText, spanWith, wholeSpan, zoomedSpan } from "../../../page/histogram/span.ts";

const DAYS = Array.from({ length: 30 }, (_, day) => ({
  start: day * 86_400,
  label: `day ${day}`,
  events: day,
}));
const WHOLE = wholeSpan(DAYS);

Deno.test("zoomedSpan halves and doubles a span around an interval", () => {
  deepEqual(WHOLE, { first: 0, last: 29 });
  deepEqual(zoomedSpan(WHOLE, { factor: 0.5, at: 15, whole: WHOLE }), { first: 8, last: 22 });
  deepEqual(zoomedSpan({ first: 8, last: 22 }, { factor: 2, at: 15, whole: WHOLE }), WHOLE);
});

Deno.test("zoomedSpan stays within the histogram, and leaves some intervals", () => {
  deepEqual(zoomedSpan(WHOLE, { factor: 0.5, at: 29, whole: WHOLE }), { first: 15, last: 29 });
  deepEqual(zoomedSpan(WHOLE, { factor: 0.5, at: 0, whole: WHOLE }), { first: 0, last: 14 });
  const few = { first: 4, last: 6 };
  deepEqual(zoomedSpan(few, { factor: 0.5, at: 5, whole: WHOLE }), few);
  const two = wholeSpan(DAYS.slice(0, 2));
  deepEqual(zoomedSpan(two, { factor: 0.5, at: 0, whole: two }), two);
});

Deno.test("spanWith moves a span to an interval outside it, and no further", () => {
  const span = { first: 10, last: 14 };
  deepEqual(spanWith(span, 12, WHOLE), span);
  deepEqual(spanWith(span, 20, WHOLE), { first: 16, last: 20 });
  deepEqual(spanWith(span, 0, WHOLE), { first: 0, last: 4 });
});

Deno.test("spanText says what a span shows", () => {
  equal(spanText(DAYS, WHOLE, "day"), "day 0 to day 29: 435 events in 30 days");
  equal(spanText(DAYS, { first: 1, last: 1 }, "day"), "day 1: 1 event in 1 of 30 days");
  equal(spanText(DAYS.slice(0, 1), { first: 0, last: 0 }, "day"), "day 0: 0 events in 1 day");
});
