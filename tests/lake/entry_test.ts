import { deepEqual, throws } from "node:assert/strict";
import { readEntry } from "../../lib/lake/entry.ts";
import type { Fields } from "../../lib/tahoe/value.ts";

const entry = { typetag: "cowrie", orgid: "org", timezone: "US/Pacific", timestamp: 1.5 };

Deno.test("readEntry reads entries as the API writes them, and as it once did", () => {
  const { typetag, timezone, ...rest } = entry;
  const cases: [Fields, Fields][] = [
    [{ ...entry, name: "n", processed: false }, entry],
    [{ ...rest, timezone, typtag: typetag }, entry],
    [{ ...entry, typtag: "old" }, entry],
    [{ ...rest, typetag }, { ...entry, timezone: "UTC" }],
    [{ ...entry, timezone: null }, { ...entry, timezone: null }],
    [{ ...entry, timestamp: 2n }, { ...entry, timestamp: 2 }],
    [{ ...entry, orgid: "" }, { ...entry, orgid: "" }],
  ];
  for (const [fields, expected] of cases) deepEqual(readEntry(fields), expected);
});

Deno.test("readEntry names every field that is missing or wrong", () => {
  const cases: [Fields, RegExp][] = [
    [{}, /^typetag is missing; orgid is missing; timestamp is missing$/],
    [{ ...entry, typetag: "unr-honeypot" }, /^typetag is not/],
    [{ ...entry, typetag: null, typtag: "cowrie" }, /^typetag is not/],
    [{ ...entry, typetag: 5n }, /^typetag is not/],
    [{ ...entry, orgid: 5n }, /^orgid is not/],
    [{ ...entry, orgid: null }, /^orgid is not/],
    [{ ...entry, timestamp: "1" }, /^timestamp is not/],
    [{ ...entry, timezone: 5n }, /^timezone is not/],
  ];
  for (const [fields, message] of cases) {
    throws(() => readEntry(fields), { name: "Rejected", code: "ENTRY_INVALID", message });
  }
});
