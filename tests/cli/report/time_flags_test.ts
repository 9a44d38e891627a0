import { Command } from "commander";
import { equal } from "../../assert.ts";
import { readTimes } from "../../../lib/cli/report/time_flags.ts";
import { parseDate } from "../../../lib/tdql/parse_date.ts";

const DAY = Date.UTC(2026, 10, 29) / 1000;
const MINUTE = DAY + 3600 * 19 + 60 * 33;

const ENDS: readonly (readonly [to: string, last: number])[] = [
  ...[
    "2026-11-29T19:33:24Z",
    "2026-11-29 21:33:24 +0200",
    "20261129T193324",
    "Sun Nov 29 19:33:24 2026",
    "Sun, 29 Nov 2026 19:33:24 GMT",
    "29 Nov 2026 7:33:24 pm",
    "29-Nov-2026 19:33:24",
    `${MINUTE + 24}`,
  ].map((to) => [to, MINUTE + 24.999999] as const),
  ...[
    "2026-11-29T19:33",
    "2026-11-29 19:33Z",
    "2026-11-29T21:33+02:00",
    "20261129T1933",
    "Sun, 29 Nov 2026 19:33 +0000",
    "November 29, 2026 7:33 PM",
    "2026/11/29 19:33",
  ].map((to) => [to, MINUTE + 59.999999] as const),
  ...["2026-11-29", "29 Nov 2026", "Sun, 29 Nov 2026"].map((to) =>
    [to, DAY + 86_399.999999] as const
  ),
  ["2026-11-29T19:33:24.5Z", MINUTE + 24.5],
  ["2026-11-29T19:33:24,25", MINUTE + 24.25],
];

for (const [text, last] of ENDS) {
  Deno.test(`readTimes ends with the last moment of what --to ${text} names`, () => {
    const { to } = readTimes({ to: text }, new Command());
    equal(parseDate(to!, "UTC"), last, to);
  });
}

Deno.test("readTimes takes all of an hour that clocks show twice", () => {
  const time = { from: "2026-10-25T02:30", to: "2026-10-25T02:30", tzname: "Europe/Berlin" };
  const { from, to } = readTimes(time, new Command());
  equal(parseDate(from!, "Europe/Berlin"), Date.UTC(2026, 9, 25, 0, 30) / 1000);
  equal(parseDate(to!, "Europe/Berlin"), Date.UTC(2026, 9, 25, 1, 30, 59) / 1000 + 0.999999);
});

Deno.test("readTimes keeps a start that clocks show once, or never", () => {
  for (const from of ["2026-03-29T02:30", "2026-07-01T12:00", "2026-10-25T02:30+01:00"]) {
    equal(readTimes({ from, tzname: "Europe/Berlin" }, new Command()).from, from);
  }
});
