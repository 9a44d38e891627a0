import { deepEqual, equal, match } from "../../../assert.ts";
import { parse } from "csv-parse/sync";
import { writeCsvHead, writeCsvRows } from "../../../../lib/cli/report/lookup/csv_rows.ts";
import { writeJsonRows } from "../../../../lib/cli/report/lookup/json_rows.ts";
import type { AnsweredValue, LookupRow } from "../../../../lib/answers/lookup_row.ts";
import { summaryText } from "../../../../lib/cli/report/lookup/summary.ts";
import { formatRows } from "../../../../lib/cli/report/lookup/table_rows.ts";

const RANGE = { start: 0, end: 86_400, isAllTime: false };
const SEEN: AnsweredValue = {
  value: "=EVIL.Example",
  asked: { subType: "domain", data: "evil.example" },
  found: [{ subType: "hostname", data: "evil.example" }],
  sightings: {
    held: ["0f".repeat(32)],
    events: 3,
    malicious: 2,
    benign: 0,
    unknown: 1,
    first: 1.5,
    last: 3600,
    orgids: ["0f".repeat(32)],
  },
  outside: 0,
  within: [],
  addresses: [],
  organisations: ["example", "lab"],
  rank: { rank: -0.123456, flags: ["bounded"] },
};
const UNSEEN: AnsweredValue = {
  value: "64500",
  asked: { subType: "asn", data: 64500n },
  found: [],
  sightings: {
    held: [],
    events: 0,
    malicious: 0,
    benign: 0,
    unknown: 0,
    first: null,
    last: null,
    orgids: [],
  },
  outside: 4,
  outsideTimes: { first: 86_401.5, last: 172_800.25 },
  within: [{ subType: "ipv4_net", data: "192.0.2.0/24", events: 2 }],
  addresses: [{ subType: "ipv4", data: "192.0.2.9", events: 1 }],
  advice: "Ask for each",
  organisations: [],
};
const ROWS: readonly LookupRow[] = [SEEN, UNSEEN, { value: "h\u001bi", reason: "is unclear" }];

Deno.test("writeJsonRows writes a line for each value", () => {
  const lines = writeJsonRows(ROWS, RANGE).trimEnd().split("\n");
  equal(lines.length, 3);
  deepEqual(JSON.parse(lines[0]!), {
    value: "=EVIL.Example",
    asked: { sub_type: "domain", data: "evil.example" },
    found: [{ sub_type: "hostname", data: "evil.example" }],
    from: 0,
    to: 86_400,
    events: 3,
    malicious: 2,
    benign: 0,
    unknown: 1,
    first_seen: 1.5,
    last_seen: 3600,
    organisations: ["example", "lab"],
    threatrank: -0.123456,
    flags: ["bounded"],
  });
  match(lines[1]!, /"data":64500\}.*"events":0,.*"first_seen":null/);
  equal(lines[2], '{"value":"h\\u001bi","reason":"is unclear"}');
});

Deno.test("writeCsvRows writes a row for each value, and no formulas", () => {
  const everything = { start: -Infinity, end: Infinity, isAllTime: false };
  const rows: Record<string, string>[] = parse(writeCsvHead() + writeCsvRows(ROWS, everything), {
    columns: true,
  });
  equal(rows.length, 3);
  const { value, data, found, events, threatrank, first_seen, from } = rows[0]!;
  deepEqual([value, data, found, events], [
    "'=EVIL.Example",
    "evil.example",
    "hostname evil.example",
    "3",
  ]);
  deepEqual([threatrank, first_seen, from], ["-0.123456", "1970-01-01T00:00:01.500Z", ""]);
  equal(rows[1]!["events"], "0");
  deepEqual([rows[2]!["value"], rows[2]!["reason"]], ["h\\u001bi", "is unclear"]);
});

Deno.test("formatRows shows columns for ranks and reasons only if there are any", () => {
  const [head, seen, unseen, unread] = formatRows(ROWS, { isRanked: true }).split("\n");
  match(head!, /^value +taken for +events .*ThreatRank +reason$/);
  match(
    seen!,
    /domain evil\.example, found as hostname evil\.example +3 +2 +0 +1 .*-0\.1235 \(bou/,
  );
  match(unseen!, /^64500 +asn 64500 +0 /);
  match(unread!, /^h\\u001bi .* is unclear$/);
  match(formatRows([SEEN], { isRanked: false }), /organisations\n/);
});

Deno.test("summaryText counts values, and what was skipped", () => {
  const skipped = new Map([["comment", 1], ["line without an indicator", 2]]);
  deepEqual(summaryText(ROWS, { range: RANGE, skipped }).split("\n"), [
    "3 values: 1 seen, 1 not seen, 1 cannot be read",
    "Range: from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z, times in UTC",
    "1 value not seen, but held by events outside this range: 64500; ask with " +
    "--from 1970-01-02T00:00:01Z --to 1970-01-03T00:00:01Z",
    "64500 was not seen, but events hold what contains it: ipv4_net 192.0.2.0/24 (2 events)",
    "64500 was not seen, but events hold addresses in it: ipv4 192.0.2.9 (1 event)",
    "1 network not seen: 64500; events that hold only addresses in a network do not count: ask for " +
    "each address",
    "Skipped: 1 comment, 2 lines without an indicator",
  ]);
});

Deno.test("summaryText takes no value of an unusual sub-type for a network", () => {
  const { outsideTimes: _, ...unseen } = UNSEEN;
  const row = { ...unseen, asked: { subType: "user", data: "a" }, within: [], addresses: [] };
  deepEqual(summaryText([row], { range: RANGE, skipped: new Map() }).split("\n"), [
    "1 value: 0 seen, 1 not seen",
    "Range: from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z, times in UTC",
  ]);
});
