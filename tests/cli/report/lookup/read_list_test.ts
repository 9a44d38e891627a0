import { deepEqual, equal, match, throws } from "../../../assert.ts";
import { readLines, readList } from "../../../../lib/cli/report/lookup/read_list.ts";

/** Each value with what it was taken for; `?` for one that cannot be read. */
function readAs(text: string): [value: string, asked: string][] {
  return readList(text).values.map((each) => [
    each.value,
    "meaning" in each ? `${each.meaning.normal.subType} ${each.meaning.normal.data}` : "?",
  ]);
}

const LISTS: [about: string, text: string, wanted: [value: string, asked: string][]][] = [
  ["lines, as they are written", "192.0.2.1\r\nWWW[.]Example.com\n\nhxxp://EXAMPLE.com/a", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["WWW[.]Example.com", "domain www.example.com"],
    ["hxxp://EXAMPLE.com/a", "url http://example.com/a"],
  ]],
  ["the columns of a table, without its head", "ip,note\n192.0.2.1,seen\n192.0.2.2,\n", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
  ]],
  ["a row without an indicator", "ip,note\n192.0.2.1,seen\nnone,\n", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["none,", "?"],
  ]],
  ["the indicators of a sentence", "Traffic to 192.0.2.1 and evil[.]example was seen.", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["evil.example", "domain evil.example"],
  ]],
  ["a JSON array", '["192.0.2.1", {"value": "evil.example"}]', [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["evil.example", "domain evil.example"],
  ]],
  ["the name of a hosts file, not its sink", "0.0.0.0 evil.example", [
    ["evil.example", "domain evil.example"],
  ]],
  ["a sink that stands alone", "127.0.0.1", [["127.0.0.1", "ipv4 127.0.0.1"]]],
  ["lines that cannot be read", "999.1.1.1\nnot an indicator\n192.0.2.1", [
    ["999.1.1.1", "?"],
    ["not an indicator", "?"],
    ["192.0.2.1", "ipv4 192.0.2.1"],
  ]],
  ["the names in rules for browsers", "||ads.example^\n@@||good.example^\n||bad.example^$image", [
    ["ads.example", "domain ads.example"],
    ["bad.example", "domain bad.example"],
  ]],
  ["names of any ending in a list of names", "evil.bazar\nfoo.bit\nWWW.x.example", [
    ["evil.bazar", "domain evil.bazar"],
    ["foo.bit", "domain foo.bit"],
    ["WWW.x.example", "domain www.x.example"],
  ]],
  [
    "value that ioc_list does not take for an indicator, but of a clear kind",
    "192.0.2.1\nAS64500",
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["AS64500", "asn 64500"],
    ],
  ],
  ["JSON lines", '{"url":"http://x.example/"}\n{"url":"http://y.example/"}', [
    ["http://x.example/", "url http://x.example/"],
    ["http://y.example/", "url http://y.example/"],
  ]],
  ["broken JSON as text", '{"a": "192.0.2.1"', [["192.0.2.1", "ipv4 192.0.2.1"]]],
];
for (const [about, text, wanted] of LISTS) {
  Deno.test(`readList reads ${about}`, () => deepEqual(readAs(text), wanted));
}

Deno.test("readList counts what it skips", () => {
  const text = "# a comment\nip;note\n192.0.2.1;x\n";
  deepEqual([...readList(text).skipped], [["comment", 1]]);
  const prose = readList("There is nothing to look up here.");
  deepEqual(prose.values, []);
  deepEqual([...prose.skipped], [["line without an indicator", 1]]);
});

Deno.test("readList says what is wrong with a line, and which option helps", () => {
  const [given] = readList("hello").values;
  match("reason" in given! ? given.reason : "", /--sub-type, such as hostname$/);
});

Deno.test("readLines takes each line as a value of the sub-type", () => {
  const { values } = readLines("setup.exe\n\n My file.pdf \n", "filename");
  deepEqual(
    values.map((each) => "meaning" in each && each.meaning.normal.data),
    ["setup.exe", "My file.pdf"],
  );
  const [wrong] = readLines("hello", "ipv4").values;
  equal("reason" in wrong!, true);
});

Deno.test("readList refuses a web page", () => {
  throws(() => readList("<!doctype html><p>192.0.2.1</p>"), /web page/);
});
