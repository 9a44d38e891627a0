import { equal, notEqual } from "./assert.ts";
import { ianaTimeZone } from "../lib/time_zone.ts";

const TABLE: readonly [name: string, wanted: string | undefined][] = [
  ["UTC", "UTC"],
  ["America/Los_Angeles", "America/Los_Angeles"],
  ["america/los_angeles", "America/Los_Angeles"],
  ["EUROPE/BERLIN", "Europe/Berlin"],
  // Names for the same zone stay as they were given.
  ["CET", "CET"],
  ["EST", "EST"],
  ["GMT", "GMT"],
  ["Asia/Kolkata", "Asia/Kolkata"],
  ["US/Pacific", "US/Pacific"],
  ["PST", undefined],
  ["ist", undefined],
  ["+05:00", undefined],
  ["-08:00", undefined],
  ["SystemV/PST8PDT", undefined],
  ["systemv/est5", undefined],
  ["Mars/Olympus", undefined],
  ["CET+1", undefined],
  [" UTC", undefined],
  ["", undefined],
];

for (const [name, wanted] of TABLE) {
  Deno.test(`ianaTimeZone of ${JSON.stringify(name)} is ${wanted}`, () => {
    equal(ianaTimeZone(name), wanted);
  });
}

Deno.test("ianaTimeZone knows the abbreviations that are IANA names", () => {
  for (const name of ["EST", "MST", "HST", "CET"]) notEqual(ianaTimeZone(name), undefined, name);
});
