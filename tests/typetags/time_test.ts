import { equal } from "../assert.ts";
import fc from "fast-check";
import { readTime } from "../../lib/typetags/time.ts";

Deno.test("readTime reads dates, times, fractions and offsets, and takes times without an offset as UTC", () => {
  const cases = [
    ["2021-03-04", 1614816000],
    ["2021-03-04T05", 1614834000],
    ["2021-03-04T05:06", 1614834360],
    ["2021-03-04T05:06:07", 1614834367],
    ["2021-03-04 05:06:07Z", 1614834367],
    ["2021-03-04t05:06:07z", 1614834367],
    ["2021-03-04T05:06:07.5Z", 1614834367.5],
    ["2021-03-04T05:06:07,123Z", 1614834367.123],
    ["2021-03-04T05:06:07.123456Z", 1614834367.123456],
    ["2021-03-04T05:06:07.123456789Z", 1614834367.123456],
    ["2021-03-04T05:06:07+05:30", 1614814567],
    ["2021-03-04T05:06:07-0800", 1614863167],
    ["2021-03-04T05:06:07+00:00:30", 1614834337],
    ["2021-03-04T05:06:07.000001-08", 1614863167.000001],
    ["1969-12-31T23:59:59.999999Z", -0.000001],
    ["0001-01-01", -62135596800],
    ["0099-12-31", -59011545600],
    ["2020-02-29T23:59:59Z", 1583020799],
    ["9999-12-31T23:59:59Z", 253402300799],
  ] as const;
  for (const [text, seconds] of cases) equal(readTime(text), seconds, text);
});

Deno.test("readTime refuses other text", () => {
  const texts = [
    "",
    "yesterday",
    "1614834367",
    "2021-3-4",
    "2021-02-29",
    "2021-13-01",
    "2021-00-01",
    "0000-01-01",
    "2021-03-04T24:00",
    "2021-03-04T05:60",
    "2021-03-04T05:06:60Z",
    "2021-03-04T05:06:07.1234567890Z",
    "2021-03-04T05:06:07.Z",
    "2021-03-04T05:06:07+24:00",
    "2021-03-04T05:06:07+02:60",
    "2021-03-04T05:06:07 UTC",
    " 2021-03-04",
    "2021-03-04\n",
  ];
  for (const text of texts) equal(readTime(text), undefined, JSON.stringify(text));
});

Deno.test("readTime reads what Date.toISOString writes, to the microsecond", () => {
  const time = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("2255-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(time, fc.integer({ min: 0, max: 999 }), (date, more) => {
    const text = date.toISOString().replace("Z", `${String(more).padStart(3, "0")}Z`);
    equal(readTime(text), (date.getTime() * 1000 + more) / 1e6);
  }));
});
