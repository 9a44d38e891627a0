import { equal } from "../../assert.ts";
import { isoTime } from "../../../lib/answers/export/iso_time.ts";

const TIMES: readonly [seconds: number, text: string][] = [
  [0, "1970-01-01T00:00:00.000Z"],
  [1_700_000_000.25, "2023-11-14T22:13:20.250Z"],
  [1_577_923_199.999999, "2020-01-01T23:59:59.999Z"],
  [1_700_000_000.123, "2023-11-14T22:13:20.123Z"],
  [-1, "1969-12-31T23:59:59.000Z"],
  [253_402_300_799, "9999-12-31T23:59:59.000Z"],
  [253_402_300_800, "9999-12-31T23:59:59.999Z"],
  [1e300, "9999-12-31T23:59:59.999Z"],
  [Infinity, "9999-12-31T23:59:59.999Z"],
  [-Infinity, "0001-01-01T00:00:00.000Z"],
  [NaN, "1970-01-01T00:00:00.000Z"],
];

for (const [seconds, text] of TIMES) {
  Deno.test(`isoTime writes ${seconds} as ${text}`, () => {
    equal(isoTime(seconds), text);
  });
}
