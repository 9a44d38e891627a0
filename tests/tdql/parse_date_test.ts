import { equal, notEqual } from "../assert.ts";
import fc from "fast-check";
import { parseDate } from "../../lib/tdql/parse_date.ts";
import { readVectors } from "../vectors.ts";
import { isRefusedForm } from "./refused_forms.ts";

/** Converts a UTC time in the format of ECMA-262, without its Z, to seconds since 1970. */
function utc(time: string): number {
  return Date.parse(`${time}Z`) / 1000;
}

Deno.test("parseDate agrees with the vectors of dateutil, or refuses the form", async () => {
  const pairs: [string, string][] = JSON.parse(await readVectors("dates-dateutil.json"));
  notEqual(pairs.length, 0);
  for (const [text, expected] of pairs) {
    const seconds = parseDate(text, "UTC");
    if (expected.startsWith("ERR") || isRefusedForm(text)) {
      equal(seconds, undefined, text);
    } else if (/^\d{8}$/.test(text)) {
      equal(seconds, Number(text));
    } else {
      const milliseconds = Math.trunc(1000 * (seconds ?? NaN));
      equal(milliseconds, Date.parse(expected.replace("Z", "") + "Z"), text);
    }
  }
});

Deno.test("parseDate reads numbers as seconds, whatever the zone", () => {
  const table: [string, number][] = [
    ["0", 0],
    ["-100", -100],
    ["+1.5", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["1E-3", 0.001],
    ["20200521", 20_200_521],
    [" 5\n", 5],
  ];
  for (const [text, seconds] of table) equal(parseDate(text, "Asia/Tokyo"), seconds, text);
  for (
    const text of ["nan", "-inf", "Infinity", "1_000", "٣", "２０２０", "0x10", "1e999", "e3", "."]
  ) {
    equal(parseDate(text, "UTC"), undefined, text);
  }
});

Deno.test("parseDate reads every form of the closed list", () => {
  const table: [string, string][] = [
    ["2020-5-1", "2020-05-01T00:00"],
    ["2020/05/21", "2020-05-21T00:00"],
    ["2020.05.21", "2020-05-21T00:00"],
    ["05/06/2020", "2020-05-06T00:00"],
    ["12/12/2020", "2020-12-12T00:00"],
    ["13/12/2020", "2020-12-13T00:00"],
    ["21-may-2020", "2020-05-21T00:00"],
    ["1-September-2020", "2020-09-01T00:00"],
    ["Sep 3 2020", "2020-09-03T00:00"],
    ["September 3, 2020", "2020-09-03T00:00"],
    ["Thursday, May 21, 2020", "2020-05-21T00:00"],
    ["Thu 21 May 2020 5 PM", "2020-05-21T17:00"],
    ["Fri May  1 02:00:00 2020", "2020-05-01T02:00"],
    ["Thu, 21 May 2020 02:00:00 +0200", "2020-05-21T00:00"],
    ["20200521T0230", "2020-05-21T02:30"],
    ["20200521T023015Z", "2020-05-21T02:30:15"],
    ["2020-05-21T02:00:00.5-07:00", "2020-05-21T09:00:00.5"],
    ["2020-05-21 02:00:00,25", "2020-05-21T02:00:00.25"],
    ["2020-05-21 2:00 GMT", "2020-05-21T02:00"],
    ["0001-01-01", "0001-01-01T00:00"],
    ["9999-12-31 23:59:59", "9999-12-31T23:59:59"],
  ];
  for (const [text, expected] of table) equal(parseDate(text, "UTC"), utc(expected), text);
});

Deno.test("parseDate refuses forms that are not in the list", () => {
  const table = `2020-05|May 2020|10:30|5pm|01/02/03|21 May 20|2020-05-21 02:00 EST|2020-05-21 5
    |2020-05-21T5|2020-05-21T02:00+25:00|2020-05-21T02:00+05:60|2020-05-21T02:00 UTC+3
    |2020-13-01|2019-02-29|2/30/2020|32/1/2020|0000-01-01|2020-05-21 24:00|2020-05-21 02:60
    |2020-05-21 02:00:60|2020-05-21 13pm|2020-05-21 13:00 am|2020-05-21 5pmZ|Fri, 21 May 2020|21st of May 2020
    |12-25-2020|21.05.2020|2020-W21-4|2020-142|yesterday|now|T10:30`;
  for (const text of table.split(/\s*\|/)) equal(parseDate(text, "UTC"), undefined, text);
  for (const text of ["", " ", "x".repeat(1e6), " ".repeat(1e6), "1".repeat(1e6)]) {
    equal(parseDate(text, "UTC"), undefined);
  }
});

Deno.test("parseDate reads hours 0 to 12 with am and pm", () => {
  for (let hour = 0; hour <= 12; hour++) {
    const midnight = utc("2020-05-21T00:00");
    equal(parseDate(`2020-05-21 ${hour}am`, "UTC"), midnight + 3600 * (hour % 12));
    equal(parseDate(`2020-05-21 ${hour}:00:00 pm`, "UTC"), midnight + 3600 * (hour % 12 + 12));
  }
});

Deno.test("parseDate reads times that clocks skip or show twice as standard time", () => {
  const table: [string, string, string][] = [
    ["America/Los_Angeles", "2020-03-08 01:59:59", "2020-03-08T09:59:59"],
    ["America/Los_Angeles", "2020-03-08 02:00", "2020-03-08T10:00"],
    ["America/Los_Angeles", "2020-03-08 02:59:59", "2020-03-08T10:59:59"],
    ["America/Los_Angeles", "2020-03-08 03:00", "2020-03-08T10:00"],
    ["America/Los_Angeles", "2020-11-01 00:59:59", "2020-11-01T07:59:59"],
    ["America/Los_Angeles", "2020-11-01 01:00", "2020-11-01T09:00"],
    ["America/Los_Angeles", "2020-11-01 01:59:59", "2020-11-01T09:59:59"],
    ["America/Los_Angeles", "2020-11-01 02:00", "2020-11-01T10:00"],
    ["Europe/London", "2020-10-25 01:30", "2020-10-25T01:30"],
    ["Australia/Lord_Howe", "2020-10-04 02:15", "2020-10-03T15:45"],
    ["Australia/Lord_Howe", "2020-04-05 01:45", "2020-04-04T15:15"],
    ["Asia/Kathmandu", "2020-05-21 05:45", "2020-05-21T00:00"],
  ];
  for (const [zone, text, expected] of table) {
    equal(parseDate(text, zone), utc(expected), `${zone} ${text}`);
    equal(parseDate(`${text} GMT`, zone), utc(text.replace(" ", "T")));
  }
});

Deno.test("parseDate is the inverse of Date.toISOString and Date.toUTCString", () => {
  const seconds = fc.integer({ min: utc("1000-01-01T00:00"), max: utc("9999-12-31T23:59:59") });
  fc.assert(fc.property(seconds, (wanted) => {
    const date = new Date(1000 * wanted);
    equal(parseDate(date.toISOString(), "Asia/Tokyo"), wanted);
    equal(parseDate(date.toISOString().slice(0, 19), "UTC"), wanted);
    equal(parseDate(date.toUTCString(), "Asia/Tokyo"), wanted);
  }));
});
