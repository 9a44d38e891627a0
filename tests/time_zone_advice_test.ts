import { ianaTimeZone } from "../lib/time_zone.ts";
import { timeZoneAdvice } from "../lib/time_zone_advice.ts";
import { equal, notEqual } from "./assert.ts";

const MEANT: readonly [text: string, meant: string][] = [
  ["CEST", "Europe/Paris"],
  ["mez", "Europe/Berlin"],
  ["PST", "America/Los_Angeles or Asia/Manila"],
  ["IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"],
  ["+01:00", "Etc/GMT-1"],
  ["UTC-5", "Etc/GMT+5"],
  ["+00:00", "UTC"],
  ["z", "UTC"],
  ["Berlin", "Europe/Berlin"],
  ["new york", "America/New_York"],
  ["Europe/Berln", "Europe/Berlin"],
  ["europe berlin", "Europe/Berlin"],
  [" UTC", "UTC"],
];

for (const [text, meant] of MEANT) {
  Deno.test(`timeZoneAdvice on ${JSON.stringify(text)} is ${meant}`, () => {
    equal(timeZoneAdvice(text), `for ${text.trim()} give a name such as ${meant}`);
    equal(ianaTimeZone(text), undefined);
    for (const name of meant.split(/, | or /)) notEqual(ianaTimeZone(name), undefined, name);
  });
}

Deno.test("timeZoneAdvice on what nobody knows gives an example", () => {
  for (const text of ["Mars/Olympus", "", "+05:30", "?"]) {
    equal(timeZoneAdvice(text), "give a name such as America/Los_Angeles or UTC");
  }
});
