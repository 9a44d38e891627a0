import { deepEqual, equal, ok, throws } from "../assert.ts";
import { COWRIE_FILTER } from "../../lib/typetags/cowrie.ts";
import { damagedElements, damagedObject } from "../../lib/typetags/damaged_json.ts";
import type { Filter } from "../../lib/typetags/filter.ts";
import { IOC_LIST_FILTER } from "../../lib/typetags/ioc_list.ts";
import { SIGHTING_FILTER } from "../../lib/typetags/sighting.ts";
import { OPENPHISH_FILTER, PHISHTANK_FILTER } from "../../lib/typetags/url_feed.ts";

/** The values that a filter makes an event of, sorted, and how many records it rejects. */
function read(filter: Filter, text: string, subType: string): readonly [string, number] {
  const { instances, rejected } = filter.read({ data: text }, { orgid: "org", timestamp: 1 });
  const found = instances.flatMap((each) =>
    each.itype === "attribute" && each.sub_type === subType ? [String(each.data)] : []
  );
  return [found.sort().join(" "), rejected.length];
}

/** Texts with the records a and b whole, by how the JSON around them is damaged. */
function damages(a: string, b: string): readonly (readonly [string, string, number])[] {
  const cut = a.slice(0, -4);
  const pretty = JSON.stringify([JSON.parse(a), JSON.parse(b), JSON.parse(a)], null, 2);
  return [
    ["cut off", `[${a},${b},${cut}`, 1],
    ["cut off between records", `[${a},${b}`, 0],
    ["cut off behind a comma", `[${a}, ${b},\n`, 0],
    ["with a comma too many", `[${a},${b},]`, 0],
    ["behind a comment", `// from the sensor\n[${a},${b}]`, 0],
    ["with a comment between", `[\n${a},\n// more\n${b}\n]`, 0],
    ["with a broken record", `[${a},{"x":1.2.3},${b}]`, 1],
    ["with a word in place of a record", `[${a}, oops, ${b}]`, 1],
    ["with a record that is not closed", `[${a},${a.slice(0, -1)},${b}]`, 1],
    ["with a line break in a string", `[${cut}\n"},${a},${b}]`, 1],
    ["with a record that is nested too deep", `[${a},${'{"x":'.repeat(2000)},${b}]`, 1],
    ["with text behind it", `[${a},${b}] and more`, 1],
    ["with a quotation mark that is not closed", `[${a},${a.slice(0, -2)}},${b}]`, 1],
    ["printed over several lines and cut off", pretty.slice(0, -20), 1],
    ["in an object, cut off", `{"count":3,"data":[${a},${b},${cut}`, 1],
    ["in an object, with a comma too many", `{"data":[${a},${b},],}`, 0],
    ["in an object that is cut off behind the list", `{"data":[${a},${b}],"next":"htt`, 0],
    ["in an object, with a broken record", `{"data":[${a},{"x":1.2.3},${b}]}`, 1],
    ["in an object that another list begins", `{"tags":[{"t":1}],"data":[${a},${b},{"`, 1],
  ];
}

const COWRIE = {
  src_ip: "192.0.2.9",
  session: "s",
  sensor: "h",
  timestamp: "2026-01-01T00:00:00Z",
};
const command = (input: string) =>
  JSON.stringify({ eventid: "cowrie.command.input", ...COWRIE, input });
const listed = (ip: string) => JSON.stringify({ ip, reference: "https://ref.example.org/1" });
const feed = (url: string) => JSON.stringify({ url, detail: "https://ref.example.org/1" });

for (const [name, text, broken] of damages(listed("192.0.2.1"), listed("192.0.2.2"))) {
  Deno.test(`IOC_LIST_FILTER reads the whole records of JSON ${name}`, () => {
    deepEqual(read(IOC_LIST_FILTER, text, "ipv4"), ["192.0.2.1 192.0.2.2", broken]);
    equal(read(IOC_LIST_FILTER, text, "url")[0], "");
  });
}

for (const [name, text, broken] of damages(command("id"), command("ls"))) {
  Deno.test(`COWRIE_FILTER reads the whole records of JSON ${name}`, () => {
    deepEqual(read(COWRIE_FILTER, text, "shell_command"), ["id ls", broken]);
  });
}

for (const [name, text, broken] of damages(feed("http://a.example/"), feed("http://b.example/"))) {
  Deno.test(`the URL feeds read the whole records of JSON ${name}`, () => {
    for (const filter of [OPENPHISH_FILTER, PHISHTANK_FILTER]) {
      deepEqual(read(filter, text, "url"), ["http://a.example/ http://b.example/", broken]);
    }
  });
}

for (const [name, text, broken] of damages('{"user":"a"}', '{"user":"b"}')) {
  // An object with a list is not a sighting, whole or not.
  if (text.startsWith("{")) continue;
  Deno.test(`SIGHTING_FILTER reads the whole records of JSON ${name}`, () => {
    deepEqual(read(SIGHTING_FILTER, text, "user"), ["a b", broken]);
    equal(read(SIGHTING_FILTER, text, "data")[0], "");
  });
}

for (
  const text of [
    '{"ip":"192.0.2.1","reference":"https://ref.exam',
    "[{'ip': '192.0.2.1', 'reference': 'https://ref.example', 'port': None}]",
    "{'ip': '192.0.2.1'}\n{'ip': '192.0.2.2', 'reference': 'https://ref.example'}\n",
    '[{"ip":"192.0.2.1","reference":"https://ref.exam',
    '{\n  "name": "l",\n  "version": 1,\n  "list": [\n    "good.example",\n    "fine.exam',
  ]
) {
  Deno.test(`IOC_LIST_FILTER refuses ${JSON.stringify(text)}, in which no record is whole`, () => {
    throws(() => read(IOC_LIST_FILTER, text, "url"), { code: "EVENTS_INVALID" });
  });
}

Deno.test("COWRIE_FILTER reads an answer of Elasticsearch that is cut off", () => {
  const hit = (input: string) => `{"_source":${command(input)}}`;
  const text = `{"hits":{"total":3,"hits":[${hit("id")},${hit("ls")},{"_sou`;
  deepEqual(read(COWRIE_FILTER, text, "shell_command"), ["id ls", 1]);
});

Deno.test("damagedObject reads records behind one that is not closed, whatever they end with", () => {
  const record = (n: number) => ({ a: n, tags: [{ b: [n] }] });
  const [first, broken, third, last] = [1, 2, 3, 4].map((n) => JSON.stringify(record(n)));
  const text = `{"data":[${first},${broken!.slice(0, -1)},${third},${last}]}`;
  deepEqual(
    JSON.stringify(
      damagedObject(text)?.object,
      (_, value) => typeof value === "bigint" ? Number(value) : value,
    ),
    JSON.stringify({ data: [1, 3, 4].map(record) }),
  );
});

Deno.test("damagedElements and damagedObject leave other texts alone", () => {
  const texts = [
    "",
    "plain",
    "[1] see",
    "[{x}]",
    '{"a":1}\n{"a":2}',
    '{"a":[{"b":1}]}\n{"a":[{"b":',
  ];
  for (const text of texts) {
    deepEqual([damagedElements(text), damagedObject(text)], [undefined, undefined], text);
  }
  equal(damagedObject('{"a":[{"b":1}]}'), undefined);
});

Deno.test("damagedElements takes time in proportion to the text", () => {
  const texts = ['[{"a":1},' + '{"a":"'.repeat(200_000), '[{"a":1}' + "[".repeat(500_000)];
  const start = performance.now();
  for (const text of texts) damagedElements(text);
  const milliseconds = performance.now() - start;
  ok(milliseconds < 20_000, String(milliseconds));
});
