import { deepEqual, equal, throws } from "../../assert.ts";
import { parsePlaintext } from "../../../lib/lake/parse.ts";
import type { Value } from "../../../lib/tahoe/value.ts";
import { COWRIE_FILTER } from "../../../lib/typetags/cowrie.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };
const RECORD = {
  eventid: "cowrie.login.failed",
  timestamp: "2026-07-01T08:00:02.000000Z",
  session: "aa01bb02cc03",
  sensor: "pot-a",
  src_ip: "192.0.2.66",
  username: "root",
  password: "toor",
  message: "login attempt",
};
const TEXT = JSON.stringify(RECORD);

function readText(text: string) {
  const { data } = parsePlaintext(text, { typetag: "cowrie", orgid: "org", timezone: "UTC" });
  return COWRIE_FILTER.read(data as Value, SOURCE);
}

/** Hashes of everything that is made of a text. */
function hashesIn(text: string): readonly string[] {
  const { instances, rejected } = readText(text);
  deepEqual(rejected, []);
  return instances.map(({ _hash }) => _hash);
}

const PLAIN = hashesIn(TEXT);

const WRAPPERS: readonly unknown[] = [
  { _index: "logstash-2026.07.01", _id: "i0", _source: RECORD },
  { _source: TEXT },
  { _source: { "@timestamp": "2026", message: TEXT } },
  { json: RECORD, message: "not JSON" },
  { log: `${TEXT}\n`, stream: "stdout", time: "2026-07-01T08:00:00Z" },
  { log: { offset: 5, file: { path: "/x" } }, message: TEXT },
  { "event.original": TEXT },
  { event: { original: TEXT, dataset: "cowrie" } },
  { channel: "cowrie", ident: "a", payload: TEXT },
  { payload: { message: { json: RECORD } } },
  { fields: { message: [TEXT] } },
  { result: { _raw: TEXT } },
  { MESSAGE: TEXT },
  { resource: {}, body: TEXT },
  { topic: "cowrie", key: null, value: RECORD },
  { hits: { total: 1, hits: [{ _source: RECORD }] } },
  { responses: [{ hits: { hits: [{ _source: { event: { original: TEXT } } }] } }] },
  { hits: { hits: [{ fields: Object.fromEntries(listed(RECORD)) }] } },
  { honeypot: RECORD },
  { jsonPayload: RECORD },
  { version: "1.1", short_message: "login", full_message: TEXT },
  Object.fromEntries(Object.entries(RECORD).map(([name, value]) => [`json.${name}`, value])),
  Object.fromEntries(Object.entries(RECORD).map(([name, value]) => [`_${name}`, value])),
  { MESSAGE: [...new TextEncoder().encode(TEXT)] },
  { messages: [{ message: { message: TEXT, gl2_source: "x" }, index: "i" }], total_results: 1 },
  { preview: false, results: [{ _raw: TEXT }] },
  { messageType: "DATA_MESSAGE", logEvents: [{ id: "1", message: TEXT }] },
  { status: "success", data: { result: [{ stream: {}, values: [["1767225600", TEXT]] }] } },
  { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: TEXT } }] }] }] },
  { data: [{ id: "x", attributes: { message: "m", attributes: RECORD } }] },
  { ...RECORD, timestamp: { $date: RECORD.timestamp } },
  { ...RECORD, timestamp: { $date: Date.parse(RECORD.timestamp) } },
  { ...RECORD, timestamp: { $date: { $numberLong: String(Date.parse(RECORD.timestamp)) } } },
  { ...RECORD, timestamp: undefined, "@timestamp": RECORD.timestamp },
  { "@timestamp": RECORD.timestamp, json: { ...RECORD, timestamp: undefined } },
  { _source: { "@timestamp": RECORD.timestamp, cowrie: { ...RECORD, timestamp: undefined } } },
];

function listed(record: object): readonly (readonly [string, unknown])[] {
  return Object.entries(record).map(([name, value]) => [name, [value]]);
}

for (
  const [name, before] of [
    ["syslog", "Jul  1 08:00:02 pot-a cowrie[12]: "],
    ["syslog with the mark of JSON", "<13>1 2026-07-01T08:00:02Z pot-a cowrie 12 - - @cee:"],
    ["Kubernetes", "2026-07-01T08:00:02.000000000Z stdout F "],
    ["Docker Compose", "cowrie_1  | "],
    ["Fluentd", "2026-07-01T08:00:02+00:00\tcowrie.log\t"],
    ["a record separator", "\x1e"],
  ]
) {
  Deno.test(`cowrie reads records behind what ${name} puts before them`, () => {
    for (const text of [`${before}${TEXT}`, `${before}${TEXT}\n${before}${TEXT}\n`]) {
      deepEqual(hashesIn(text), PLAIN, text);
    }
  });
}

Deno.test("cowrie reads records however they follow each other", () => {
  const pretty = JSON.stringify(RECORD, null, 2);
  for (
    const text of [
      `${TEXT},\n${TEXT}\n`,
      `[\n${TEXT},\n${TEXT},\n`,
      `${TEXT}${TEXT}\n${TEXT}\n`,
      `${pretty}\n${pretty}\n`,
      `${TEXT}\r${TEXT}\r`,
      `${JSON.stringify(TEXT)}\n${JSON.stringify(TEXT)}\n`,
      JSON.stringify(TEXT),
    ]
  ) deepEqual(hashesIn(text), PLAIN, text);
  const { events, rejected } = readText(`${pretty}\n${pretty.slice(0, -20)}`);
  deepEqual([events.length, rejected.map(({ record }) => record)], [1, [2]]);
});

Deno.test("cowrie never takes the JSON in another program's text for a record", () => {
  for (
    const wrapper of [{ user_agent: TEXT }, { http: { path: TEXT } }, { list: [{ name: TEXT }] }]
  ) {
    throws(() => readText(JSON.stringify(wrapper)), { message: "eventid is missing" });
  }
});

Deno.test("cowrie says what is wrong with text that is not its log", () => {
  throws(() => readText("2026-07-01 login attempt [root/x] failed\n"), {
    message: "The text is not JSON: Cowrie writes records as JSON into cowrie.json",
  });
  throws(() => readText("\n"), { message: "The log is empty" });
});

Deno.test("cowrie opens the wrappers of log shippers, alone, in a list and line by line", () => {
  for (const wrapper of WRAPPERS) {
    const text = JSON.stringify(wrapper);
    for (const upload of [text, `[${text}]`, `${text}\n${text}\n`, `[${text},${text}]`]) {
      deepEqual(hashesIn(upload), PLAIN, upload);
    }
  }
});

Deno.test("cowrie reads every hit of a search, and rejects hits one by one", () => {
  const others = Array.from(
    { length: 3 },
    (_, n) => ({ _source: { ...RECORD, password: `${n}` } }),
  );
  const answer = { took: 1, hits: { total: 4, hits: [...others, { _source: { other: 1 } }] } };
  const { events, rejected } = readText(JSON.stringify(answer));
  equal(events.length, 3);
  deepEqual(rejected, [{ record: 4, reason: "eventid is missing" }]);
});

Deno.test("cowrie never takes what an attacker typed for a record", () => {
  const input = JSON.stringify({ ...RECORD, src_ip: "198.51.100.99" });
  for (const name of ["message", "json", "payload", "username"]) {
    const { events } = readText(JSON.stringify({ ...RECORD, [name]: input }));
    const [attacker] = events[0]!.data["attacker"]!;
    deepEqual(JSON.parse(JSON.stringify(attacker)), { ipv4: ["192.0.2.66"] });
  }
});

Deno.test("cowrie gives up wrappers that are too deep or hold no record", () => {
  let deep: unknown = RECORD;
  for (let i = 0; i < 9; i++) deep = { json: deep };
  for (
    const wrapper of [deep, { message: "{" }, { json: [RECORD, RECORD] }, { hits: { hits: 5 } }]
  ) {
    throws(() => readText(JSON.stringify(wrapper)), { code: "EVENTS_INVALID" });
  }
});

Deno.test("cowrie reads a log that begins in the middle of a line, with NULs, or with words", () => {
  const half = 'ut": "uname -a", "src_ip": "192.0.2.66"}';
  for (const first of [half, "\0".repeat(512), "\0".repeat(512) + TEXT, "cowrie", "x\0y"]) {
    for (const text of [`${first}\n${TEXT}\n`, `${first}\r\n${TEXT}\r\n${TEXT}`]) {
      const { events, rejected } = readText(text);
      equal(events.length, 1);
      deepEqual(rejected.map(({ record }) => record), [1], text.slice(0, 40));
    }
  }
  const { rejected } = readText(`${half}\n${TEXT}\n${TEXT.slice(0, 40)}\n${TEXT}\nword`);
  deepEqual(rejected.map(({ record }) => record), [1, 3, 5]);
});

Deno.test("cowrie reads the line behind half a line that a killed program left", () => {
  for (const half of [TEXT.slice(0, 12), TEXT.slice(0, 60), TEXT.slice(0, -1)]) {
    const { events, rejected } = readText(`${TEXT}\n${half}${TEXT}\n${TEXT}\n`);
    deepEqual(events.map(({ _hash }) => PLAIN.includes(_hash)), [true], half);
    deepEqual(rejected.map(({ record }) => record), [2], half);
  }
  const alone = readText(`${TEXT.slice(0, 60)}${TEXT}\n`);
  deepEqual([alone.events.length, alone.rejected.length], [1, 1]);
});
