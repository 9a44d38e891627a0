import { deepEqual, equal, throws } from "../assert.ts";
import type { Session } from "../../lib/tahoe/instance.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import { COWRIE_FILTER } from "../../lib/typetags/cowrie.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };
const RECORD = {
  eventid: "cowrie.login.failed",
  timestamp: "2021-03-04T05:06:07.123456Z",
  session: "a1b2",
  sensor: "hp",
  src_ip: "192.0.2.1",
  username: "root",
  password: "1234",
  message: "login attempt",
};

function read(data: Value) {
  return COWRIE_FILTER.read(parseJson(writeJson(data)), SOURCE);
}

function sessionOf(records: readonly Fields[]): Session {
  return read(records).instances.find(({ itype }) => itype === "session") as Session;
}

function without(name: string): Fields {
  return Object.fromEntries(Object.entries(RECORD).filter(([other]) => other !== name));
}

Deno.test("cowrie names the missing field of an event", () => {
  const needed = {
    "login.failed": ["timestamp", "session", "sensor", "src_ip"],
    "command.input": ["input"],
    "direct-tcpip.request": ["dst_ip"],
    "session.file_download": ["url"],
    "session.file_download.failed": ["url"],
    "session.file_upload": ["shasum"],
    "session.closed": ["timestamp", "session", "sensor"],
  };
  for (const [event, names] of Object.entries(needed)) {
    for (const name of names) {
      throws(() => read({ ...without(name), eventid: `cowrie.${event}` }), {
        name: "Rejected",
        code: "EVENTS_REJECTED",
        message: `${name} is missing`,
      });
    }
  }
});

Deno.test("cowrie rejects a timestamp that is not a time", () => {
  const odd = [{ $date: { $numberLong: [{}] } }, { $date: { $numberLong: {} } }, { $date: [{}] }];
  for (const timestamp of ["yesterday", "", 5n, null, ...odd]) {
    throws(() => read({ ...RECORD, timestamp }), { message: /^timestamp is not / });
  }
});

Deno.test("cowrie reads times as Cowrie and log shippers write them", () => {
  const seconds = 1782892802.5;
  const timeless = without("timestamp");
  for (
    const record of [
      { ...RECORD, timestamp: " 2026-07-01T08:00:02.5Z " },
      { ...RECORD, timestamp: "2026-07-01 10:00:02.5 +0200" },
      { ...RECORD, timestamp: "2026-07-01 08:00:02.5 UTC" },
      { ...RECORD, timestamp: seconds },
      { ...RECORD, timestamp: 1782892802500n },
      { ...RECORD, timestamp: "1782892802500" },
      { ...timeless, time: seconds },
      { ...timeless, epoch: 1782892802500n },
      { time: seconds, event: timeless },
      { timestamp: seconds, short_message: writeJson(timeless) },
    ]
  ) equal(read(record).events[0]!.timestamp, seconds, writeJson(record));
});

Deno.test("cowrie makes no event of a record that does not say who it was", () => {
  for (const src_ip of ["", " ", "unknown", "192.0.2.0/24", null, 5n]) {
    throws(() => read({ ...RECORD, src_ip }), { message: /^src_ip is / }, String(src_ip));
  }
  for (const name of ["session", "sensor"]) {
    for (const value of ["", "  ", null]) {
      throws(() => read({ ...RECORD, [name]: value }), { message: `${name} is missing` });
    }
  }
});

Deno.test("cowrie finds nothing in data without an eventid", () => {
  for (const data of [{}, without("eventid"), { data: "plain text" }, [], { message: "{" }]) {
    throws(() => read(data), { name: "Rejected", code: "EVENTS_INVALID" });
  }
});

Deno.test("cowrie reads a log line by line and keeps the numbers of lines that it cannot read", () => {
  const lines = [RECORD, without("sensor"), { ...RECORD, password: 1234n }].map(writeJson);
  const { events, rejected } = read({ data: [...lines, "not JSON", lines[0]].join("\n\n") });
  equal(events.length, 2);
  deepEqual(rejected, [
    { record: 2, reason: "sensor is missing" },
    { record: 4, reason: "Not JSON: unexpected character at position 0" },
  ]);
});

Deno.test("cowrie says how many records there are when it can read none of them", () => {
  throws(() => read([without("sensor"), 5n]), {
    code: "EVENTS_REJECTED",
    message: "None of 2 records can be read: 1 × sensor is missing (first: 1), " +
      "1 × The record is not a JSON object (first: 2)",
  });
});

Deno.test("cowrie unwraps records from Filebeat, whether objects or JSON", () => {
  const plain = read(RECORD);
  deepEqual(read({ "@timestamp": "2021", message: RECORD }), plain);
  deepEqual(read({ "@timestamp": "2021", message: writeJson(RECORD) }), plain);
  const lines = Array(2).fill(writeJson({ message: writeJson(RECORD) })).join("\n");
  deepEqual(read({ data: lines }), plain);
});

Deno.test("cowrie builds a session from all records of a file", () => {
  const closed = { eventid: "cowrie.session.closed", duration: "12.5" };
  const records = [
    { ...RECORD, eventid: "cowrie.session.connect", timestamp: "2021-03-04T05:06:00Z" },
    RECORD,
    { ...RECORD, username: "pi" },
    { ...RECORD, ...closed, timestamp: "2021-03-04T05:07:00Z" },
  ];
  const { _ref, _cref, start_time, end_time, duration } = sessionOf(records);
  const events = read(records).events.map(({ _hash }) => _hash);
  deepEqual(_ref.toSorted(), [..._cref, ...events].sort());
  deepEqual([start_time, end_time, duration], [1614834360, 1614834420, "12.5"]);
});

Deno.test("cowrie counts unknown eventids and still makes their sessions", () => {
  const unknown = ["cowrie.session.params", "cowrie.session.params", "other\n", 5n, null];
  const { skipped, events, refs } = read(unknown.map((eventid) => ({ ...RECORD, eventid })));
  deepEqual(skipped, {
    "event of cowrie.session.params": 2,
    "event of an unknown eventid": 3,
  });
  deepEqual([events.length, refs.length], [0, 1]);
});

Deno.test("cowrie gives each forwarded connection only its own target", () => {
  const request = { ...RECORD, eventid: "cowrie.direct-tcpip.request" };
  const targets = ["a.example", "b.example", "c.example"];
  const { events } = read(targets.map((dst_ip) => ({ ...request, dst_ip, dst_port: 80n })));
  const seen = events.map(({ data }) => writeJson(data["dst"]!));
  deepEqual(seen, targets.map((url) => writeJson([{ url: [url], port: [80n] }])));
});

Deno.test("cowrie strips addresses and takes the file name after the last slash", () => {
  const failed = { ...RECORD, eventid: "cowrie.session.file_download.failed" };
  const names = [["http://a.example/b/ c ", "c"], ["\u0085http://a.example/", ""], ["x", "x"]];
  for (const [url, filename] of names) {
    const { data } = read({ ...failed, url: url! }).events[0]!;
    deepEqual(writeJson(data["file"]!), writeJson([{ filename: [filename!] }]));
  }
});
