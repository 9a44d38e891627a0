import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { FilterResult } from "../../lib/typetags/filter.ts";
import { IOC_LIST_FILTER } from "../../lib/typetags/ioc_list.ts";
import { OPENPHISH_FILTER } from "../../lib/typetags/url_feed.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

function read(text: string): FilterResult {
  return IOC_LIST_FILTER.read(
    parsePlaintext(text, { typetag: "ioc_list", orgid: "org", timezone: null }).data,
    SOURCE,
  );
}

/** `["sighting ipv4=192.0.2.1", …]`, sorted. */
function events(text: string): readonly string[] {
  return read(text).events.map(({ sub_type, data }) => {
    const parts = Object.entries(data).map(([name, values]) => `${name}=${values.join()}`);
    return `${sub_type} ${parts.join(" ")}`;
  }).sort();
}

Deno.test("ioc_list makes a malicious sighting of each indicator at the upload's time", () => {
  const { events, refs, rejected, skipped } = read("198.51.100.7\n\nexample[.]com # C2\n");
  deepEqual(events.map(({ data }) => ({ ...data })), [
    { ipv4: ["198.51.100.7"] },
    { domain: ["example.com"] },
  ]);
  for (const event of events) {
    equal(event.timestamp, SOURCE.timestamp);
    equal(event.category, "malicious");
    deepEqual(event._mal_ref, event._cref);
  }
  deepEqual([refs.length, rejected, skipped], [4, [], {}]);
});

Deno.test("ioc_list marks the attribute that the URL feeds mark, and holds its host beside it", () => {
  const data = { data: "http://example.com/login\nhttps://192.0.2.1/a;b=1,2\n" };
  const [ours, theirs] = [IOC_LIST_FILTER, OPENPHISH_FILTER].map((filter) =>
    filter.read(data, SOURCE).events
  );
  deepEqual(ours!.map(({ _mal_ref }) => _mal_ref), theirs!.map(({ _mal_ref }) => _mal_ref));
  deepEqual(ours!.map(({ data }) => ({ ...data })), [
    { url: ["http://example.com/login"], domain: ["example.com"] },
    { url: ["https://192.0.2.1/a;b=1,2"], ipv4: ["192.0.2.1"] },
  ]);
});

for (
  const [name, text, expected] of [
    ["several indicators in a line", "192.0.2.1, example.com;192.0.2.2 | example.net", [
      "sighting domain=example.com",
      "sighting domain=example.net",
      "sighting ipv4=192.0.2.1",
      "sighting ipv4=192.0.2.2",
    ]],
    ["URLs separated by commas alone", "http://example.com/a,b,http://example.net/", [
      "sighting url=http://example.com/a,b domain=example.com",
      "sighting url=http://example.net/ domain=example.net",
    ]],
    ["labels and marks", '* MD5: "00000000000000000000000000000000",\n- ip=(192.0.2.1).', [
      "sighting ipv4=192.0.2.1",
      "sighting md5=00000000000000000000000000000000",
    ]],
    ["ports", "192.0.2.1:8080", ["sighting ipv4=192.0.2.1 port=8080"]],
    ["hosts files", "127.0.0.1 localhost\n0.0.0.0 ads.example.com\n::1 localhost", [
      "sighting domain=ads.example.com",
    ]],
    ["filter lists", "||ads.example.com^\n*.example.net", [
      "sighting domain=ads.example.com",
      "sighting domain=example.net",
    ]],
    [
      "a table without its references",
      "# feed\n# id,url,link\n1,http://example.com/,https://example.org/1\n2,http://example.net/a,x",
      [
        "sighting url=http://example.com/ domain=example.com",
        "sighting url=http://example.net/a domain=example.net",
      ],
    ],
    [
      "a table with quotes, but not its prose",
      'first,ioc,note\n"2024-01-01","192.0.2.1","seen, with example.com"\n"2024-01-02",example.net,""',
      ["sighting domain=example.net", "sighting ipv4=192.0.2.1"],
    ],
    ["labels in a table", "IP: 192.0.2.1, seen\nIP: 192.0.2.2, seen", [
      "sighting ipv4=192.0.2.1",
      "sighting ipv4=192.0.2.2",
    ]],
    ["a JSON list", '["192.0.2.1", "hxxp://example[.]com/", 5]', [
      "sighting ipv4=192.0.2.1",
      "sighting url=http://example.com/ domain=example.com",
    ]],
    [
      "a JSON list of objects",
      '[{"ioc": "192.0.2.1", "reference": "https://example.com/"}]',
      ["sighting ipv4=192.0.2.1"],
    ],
    ["a list in an object", '{"list": ["192.0.2.1"]}', ["sighting ipv4=192.0.2.1"]],
    ["a JSON string", '"192.0.2.1"', ["sighting ipv4=192.0.2.1"]],
  ] as const
) {
  Deno.test(`ioc_list reads ${name}`, () => deepEqual(events(text), expected));
}

Deno.test("ioc_list takes the entries of a MISP warninglist as benign", () => {
  const list = '{"name": "Ours", "type": "cidr", "version": 1, "list": ["192.0.2.0/24", "/a.*/"]}';
  const { events: [event, ...more], skipped } = read(list);
  ok(event !== undefined && more.length === 0);
  deepEqual([event.sub_type, event.category], ["known", "benign"]);
  deepEqual([event._ben_ref, event._mal_ref], [event._cref, []]);
  deepEqual(skipped, { "line without an indicator": 1 });
});

Deno.test("ioc_list counts what it skips", () => {
  const text = "# list\n; of\n// things\n192.0.2.1\nno indicator here\n0.0.0.0\nsetup.exe\n";
  deepEqual(read(text).skipped, {
    comment: 3,
    "address of no other machine": 1,
    "line without an indicator": 2,
  });
  deepEqual(read('["192.0.2.1", 5, null]').skipped, { "entry that is not text": 2 });
});

for (
  const text of ["nothing", "# only\n# comments", "0.0.0.0", "[]", "5", "{}", '{"list": 5}', ""]
) {
  Deno.test(`ioc_list finds nothing in ${JSON.stringify(text)}`, () => {
    throws(() => read(text), { code: "EVENTS_INVALID" });
  });
}

Deno.test("ioc_list makes the same instances for any order of the lines", () => {
  const lines = ["192.0.2.1", "192.0.2.1", "a.example", "http://a.example/", "192.0.2.1:80", "x"];
  const hashes = (text: string) => read(text).instances.map(({ _hash }) => _hash).sort();
  const expected = hashes(lines.join("\n"));
  fc.assert(fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (lines) => {
    deepEqual(hashes(lines.join("\n")), expected);
  }));
});

Deno.test("ioc_list throws nothing but Rejected for any data", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
    for (const data of [parseIfJson(text), { data: text }, { list: [text] }]) {
      try {
        IOC_LIST_FILTER.read(data, SOURCE);
      } catch (error) {
        ok(error instanceof Rejected, String(error));
      }
    }
  }));
});

function parseIfJson(text: string) {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

for (
  const unit of [
    " ",
    "[",
    "[.",
    "[ ",
    ")",
    ".",
    "a.",
    "a",
    "\\",
    " dot ",
    ",",
    '"',
    '",',
    "a,b\n",
    "h**p",
    "hxxp://",
    "http://a/",
    "a@",
    "1:",
    "#",
    " #",
    "\n;",
    "||",
    "x 1.2.3.4 ",
    "a #b ",
    "[a](",
    "** a",
    "192.0.2.0 /24 ",
    "%24%7Bjndi:",
  ]
) {
  Deno.test(`ioc_list takes linear time for ${JSON.stringify(unit)} repeated`, () => {
    // Quadratic time would be minutes.
    const seconds = secondsFor(unit, 1_000_000);
    ok(seconds < 10, String(seconds));
  });
}

Deno.test("ioc_list takes a line of 10 MB", () => {
  for (const unit of ["[.", "http://a/"]) {
    const seconds = secondsFor(unit, 10_000_000);
    ok(seconds < 30, `${unit} ${seconds}`);
  }
});

function secondsFor(unit: string, size: number): number {
  const data = { data: unit.repeat(size / unit.length) };
  const start = performance.now();
  try {
    IOC_LIST_FILTER.read(data, SOURCE);
  } catch (error) {
    ok(error instanceof Rejected, String(error));
  }
  return (performance.now() - start) / 1000;
}
