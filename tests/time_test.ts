import { equal } from "./assert.ts";
import { formatSpan, formatTime } from "../lib/time.ts";

const TIMES: [seconds: number | null, text: string][] = [
  [0, "1970-01-01T00:00:00Z"],
  [1_600_000_000.75, "2020-09-13T12:26:40Z"],
  [null, "-"],
  [NaN, "NaN"],
  [1e300, "1e+300"],
];

for (const [seconds, text] of TIMES) {
  Deno.test(`formatTime writes ${seconds} as ${text}`, () => {
    equal(formatTime(seconds), text);
  });
}

const SPANS: [seconds: number, text: string][] = [
  [-3, "0 s"],
  [0.9, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3600, "1 h"],
  [86399, "23 h"],
  [86400, "1 d"],
  [8640000, "100 d"],
];

for (const [seconds, text] of SPANS) {
  Deno.test(`formatSpan writes ${seconds} as ${text}`, () => {
    equal(formatSpan(seconds), text);
  });
}
