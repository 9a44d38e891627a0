import { deepEqual, throws } from "../assert.ts";
import { readEntry } from "../../lib/lake/entry.ts";
import type { Fields } from "../../lib/tahoe/value.ts";

const ENTRY = { typetag: "cowrie", orgid: "org", timezone: "US/Pacific", timestamp: 1.5 };

Deno.test("readEntry reads entries as the API writes them, and as it once did", () => {
  const { typetag, timezone, ...rest } = ENTRY;
  const cases: [Fields, Fields][] = [
    [{ ...ENTRY, name: "n", processed: false }, ENTRY],
    [{ ...rest, timezone, typtag: typetag }, ENTRY],
    [{ ...ENTRY, typtag: "old" }, ENTRY],
    [{ ...rest, typetag }, { ...ENTRY, timezone: "UTC" }],
    [{ ...ENTRY, timezone: null }, { ...ENTRY, timezone: null }],
    [{ ...ENTRY, timestamp: 2n }, { ...ENTRY, timestamp: 2 }],
    [{ ...ENTRY, orgid: "" }, { ...ENTRY, orgid: "" }],
  ];
  for (const [fields, expected] of cases) deepEqual(readEntry(fields), expected);
});

Deno.test("readEntry reads entries of 2020, and replaces typetags by aliases", () => {
  const { typetag: _, timestamp: _time, ...rest } = ENTRY;
  const aliases = new Map([["test_json", "cowrie"], ["unr-honeypot", "cowrie"]]);
  const old = { ...ENTRY, timestamp: 1600000000.5 };
  for (
    const datetime of [
      1600000000.5,
      "2020-09-13T12:26:40.5Z",
      "2020-09-13 12:26:40.500000",
      { $date: 1600000000500n },
      { $date: { $numberLong: "1600000000500" } },
      { $date: "2020-09-13T12:26:40.5Z" },
    ]
  ) {
    deepEqual(readEntry({ ...rest, typtag: "unr-honeypot", datetime }, aliases), old);
  }
  deepEqual(readEntry({ ...ENTRY, typetag: "test_json" }, aliases), ENTRY);
  deepEqual(readEntry({ ...ENTRY, typetag: "unr-honeypot" }, aliases), ENTRY);
  const plain = readEntry({ ...rest, typtag: "unr-honeypot", timestamp: 1.5 });
  deepEqual(plain, { ...ENTRY, typetag: "unr_honeypot" });
});

Deno.test("readEntry names every field that is missing or wrong", () => {
  const cases: [Fields, RegExp][] = [
    [{}, /^typetag is missing; orgid is missing; timestamp is missing$/],
    [{ ...ENTRY, typetag: "unr-honeypot" }, /^typetag is not/],
    [{ ...ENTRY, typetag: null, typtag: "cowrie" }, /^typetag is not/],
    [{ ...ENTRY, typetag: 5n }, /^typetag is not/],
    [{ ...ENTRY, orgid: 5n }, /^orgid is not/],
    [{ ...ENTRY, orgid: null }, /^orgid is not/],
    [{ ...ENTRY, timestamp: undefined as never, datetime: "soon" }, /^timestamp is not/],
    [{ ...ENTRY, timestamp: undefined as never, datetime: { $date: {} } }, /^timestamp is not/],
    [{ ...ENTRY, timestamp: "1" }, /^timestamp is not/],
    [{ ...ENTRY, timezone: 5n }, /^timezone is not/],
    [{ ...ENTRY, orgid: { $date: 1n } }, /^orgid is not a string, but a date$/],
    [{ ...ENTRY, timestamp: [1n] }, /^timestamp is not a number of seconds, but a list$/],
  ];
  for (const [fields, message] of cases) {
    throws(() => readEntry(fields), { name: "Rejected", code: "ENTRY_INVALID", message });
  }
});
