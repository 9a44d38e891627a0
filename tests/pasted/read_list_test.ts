import { deepEqual, equal, match, throws } from "../assert.ts";
import { readLinesAs, readList } from "../../lib/pasted/read_list.ts";

/** Each value with what it was taken for; `?` for one that cannot be read. */
function readAs(text: string): [value: string, asked: string][] {
  return readList(text).values.map((each) => [
    each.value,
    "meaning" in each ? `${each.meaning.normal.subType} ${each.meaning.normal.data}` : "?",
  ]);
}

const CASES = "https://t.me/AbCd\nhttps://t.me/abcd\nt.example/Login\nt.example/login\n" +
  "hxxps://t[.]example/Login\nAnn@x.example\nann@x.example\nWWW.x.example\n" + "A1".repeat(16);

const LISTS: [about: string, text: string, wanted: [value: string, asked: string][]][] = [
  ["lines, as they are written", "192.0.2.1\r\nWWW[.]Example.com\n\nhxxp://EXAMPLE.com/a", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["WWW[.]Example.com", "domain www.example.com"],
    ["hxxp://EXAMPLE.com/a", "url http://example.com/a"],
  ]],
  [
    "URLs with bars in their queries, which make no table",
    "http://a.example/?id=1|2\nhttps://a.example/css?family=Sans:400|Serif\nhttp://a.example/p?x=a|b&y=2\nhttp://a.example/?u=a|evil",
    [
      ["http://a.example/?id=1|2", "url http://a.example/?id=1|2"],
      [
        "https://a.example/css?family=Sans:400|Serif",
        "url https://a.example/css?family=Sans:400|Serif",
      ],
      ["http://a.example/p?x=a|b&y=2", "url http://a.example/p?x=a|b&y=2"],
      ["http://a.example/?u=a|evil", "url http://a.example/?u=a|evil"],
    ],
  ],
  ["cells behind URLs", "http://a.example/?id=1|2026-01-01|evil\nhttp://a.example/b|2026-01-02|x", [
    ["http://a.example/?id=1", "url http://a.example/?id=1"],
    ["http://a.example/b", "url http://a.example/b"],
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
  [
    "indicators before marks of a sentence",
    "Blocked 192.0.2.1!\nIs it ann@example.com\u2026 or 192.0.2.2?\nCVE-2021-44228: we saw it.\n" +
    "AS64500: a network.\nSee http://evil.example/a! and http://evil.example/b?",
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["ann@example.com", "email_addr ann@example.com"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["CVE-2021-44228", "cve CVE-2021-44228"],
      ["64500", "asn 64500"],
      ["http://evil.example/a", "url http://evil.example/a"],
      ["http://evil.example/b", "url http://evil.example/b"],
    ],
  ],
  ["links in Markdown", "See [the page](http://evil.example/a) of the report.", [
    ["http://evil.example/a", "url http://evil.example/a"],
  ]],
  [
    "a hash with its digits in groups",
    "The hash of the file is:\n44 d8 86 12 fe a8 a8 f3 6d e8 2e 12 78 ab b0 2f",
    [
      ["44d88612fea8a8f36de82e1278abb02f", "md5 44d88612fea8a8f36de82e1278abb02f"],
    ],
  ],
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
  [
    "a JSON array that is cut off, as far as it is whole",
    '[{"ip":"192.0.2.1","note":"a, b"},\n{\n"ip": "192.0.2.2"\n},\n{"ip":"192.0.2.3","url":"http://x.exam',
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["192.0.2.3", "ipv4 192.0.2.3"],
    ],
  ],
  ...[
    '[{"ip":"192.0.2.1","reference":"https://ref.example/1"}]',
    "ip,reference\n192.0.2.1,https://ref.example/1\n192.0.2.2,https://ref.example/2",
    '[{"ip":"192.0.2.1"},{"url_link":"https://ref.example/1","ip":"192.0.2.2","x',
  ]
    .map((text): typeof LISTS[number] => [
      `no references in ${text.slice(0, 20)}`,
      text,
      ["192.0.2.1", "192.0.2.2"].filter((ip) => text.includes(ip)).map((ip) => [ip, `ipv4 ${ip}`]),
    ]),
  ["links where there is nothing else", "name,link\nx,http://x.example/\ny,http://y.example/", [
    ["http://x.example/", "url http://x.example/"],
    ["http://y.example/", "url http://y.example/"],
  ]],
  [
    "a damaged list in a JSON object",
    '{"data": [{"ip":"192.0.2.1"},, {"ip":"192.0.2.2", "url": http://x.example/}, {"as": 64500},]}',
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["64500", "asn 64500"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["http://x.example/", "url http://x.example/"],
    ],
  ],
  ["JSON lines", '{"url":"http://x.example/"}\n{"url":"http://y.example/"}', [
    ["http://x.example/", "url http://x.example/"],
    ["http://y.example/", "url http://y.example/"],
  ]],
  [
    "all columns of indicators in a table",
    "time,src_ip,dst_ip,as,url\n1,192.0.2.1,192.0.2.2,64500,-\n2,192.0.2.3,192.0.2.4,,hxxp://x[.]example/\n",
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["64500", "asn 64500"],
      ["192.0.2.3", "ipv4 192.0.2.3"],
      ["192.0.2.4", "ipv4 192.0.2.4"],
      ["http://x.example/", "url http://x.example/"],
    ],
  ],
  ["a cell that should be an indicator", "src;dst\n999.1.1.1;192.0.2.2\n192.0.2.3;192.0.2.4\n", [
    ["192.0.2.2", "ipv4 192.0.2.2"],
    ["999.1.1.1", "?"],
    ["192.0.2.3", "ipv4 192.0.2.3"],
    ["192.0.2.4", "ipv4 192.0.2.4"],
  ]],
  ["a table without a head", "192.0.2.1\t192.0.2.2\n192.0.2.3\t192.0.2.4", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
    ["192.0.2.3", "ipv4 192.0.2.3"],
    ["192.0.2.4", "ipv4 192.0.2.4"],
  ]],
  ["a row with more cells than its table", "ip,note\n192.0.2.1,a\n192.0.2.2,b\n192.0.2.3,c,d\n", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
    ["192.0.2.3", "ipv4 192.0.2.3"],
  ]],
  [
    "all fields of JSON records, however deep",
    '{"hits":[{"source":{"ip":"192.0.2.1","asn":64500},"seen":["192.0.2.2","x.example"]}]}',
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["64500", "asn 64500"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["x.example", "domain x.example"],
    ],
  ],
  ["keys that are indicators", '{"192.0.2.1": {"seen": "x.example"}}', [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["x.example", "domain x.example"],
  ]],
  [
    "a broken line of JSON lines",
    '{"ip":"192.0.2.1"}\n{"ip":"192.0.2.2"\n{"ip":\n{"ip":"192.0.2.3"}',
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["192.0.2.3", "ipv4 192.0.2.3"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ['{"ip":', "?"],
    ],
  ],
  [
    "the indicators of a mail, and none of its words",
    "Hi team,\n\nplease block these:\nhxxp://x[.]example/a\n192.0.2[.]1\n" +
    "user (at) mail.example (AS64500, ASN 64501)\nCVE 2021-44228\n\nThanks,\nAnn",
    [
      ["hxxp://x[.]example/a", "url http://x.example/a"],
      ["192.0.2[.]1", "ipv4 192.0.2.1"],
      ["user@mail.example", "email_addr user@mail.example"],
      ["64500", "asn 64500"],
      ["64501", "asn 64501"],
      ["CVE-2021-44228", "cve CVE-2021-44228"],
    ],
  ],
  [
    "names and addresses that a text between bare indicators mentions",
    "192.0.2.1\n192.0.2.2\nAs https://blog.example/a says, both belong to x.example.",
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["https://blog.example/a", "url https://blog.example/a"],
      ["x.example", "domain x.example"],
    ],
  ],
  ["a broken address in a text", "Please block these:\n192.0.2.1\n192.0.2.300\nThanks, Ann", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.300", "?"],
  ]],
  ["a list with one line that is none", "192.0.2.1\nthis is not an indicator\nx.example", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["this is not an indicator", "?"],
    ["x.example", "domain x.example"],
  ]],
  ["a table in Markdown", "| ip | note |\n|---|---|\n| 192.0.2.1 | a |\n| 192.0.2.2 | b |", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
  ]],
  ["a list with rules of marks", "192.0.2.1\n-----\nx.example\n=====", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["x.example", "domain x.example"],
  ]],
  ["a value of the kind that its row names", '[{"type":"filename","value":"x.exe"}]', [
    ["x.exe", "filename x.exe"],
  ]],
  ["a table as Excel writes it", "sep=;\nsrc_ip;dst_ip\n192.0.2.1;192.0.2.2\n", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
  ]],
  [
    "a column that holds indicators now and then, without its other cells",
    '[{"src_ip":"192.0.2.1","input":"ls"},{"src_ip":"192.0.2.2","input":"wget http://x.example/"}]',
    [
      ["192.0.2.1", "ipv4 192.0.2.1"],
      ["192.0.2.2", "ipv4 192.0.2.2"],
      ["http://x.example/", "url http://x.example/"],
    ],
  ],
  ["labelled values", "MD5: d41d8cd98f00b204e9800998ecf8427e\nIP: 192.0.2.1", [
    ["d41d8cd98f00b204e9800998ecf8427e", "md5 d41d8cd98f00b204e9800998ecf8427e"],
    ["192.0.2.1", "ipv4 192.0.2.1"],
  ]],
  ["URLs and mail addresses that differ only in capitals", CASES, [
    ["https://t.me/AbCd", "url https://t.me/AbCd"],
    ["https://t.me/abcd", "url https://t.me/abcd"],
    ["t.example/Login", "url t.example/Login"],
    ["t.example/login", "url t.example/login"],
    ["hxxps://t[.]example/Login", "url https://t.example/Login"],
    ["Ann@x.example", "email_addr Ann@x.example"],
    ["ann@x.example", "email_addr ann@x.example"],
    ["WWW.x.example", "domain www.x.example"],
    ["A1".repeat(16), `md5 ${"a1".repeat(16)}`],
  ]],
  ["the same in a table", `url,note\n${CASES.split("\n").slice(0, 2).join(",a\n")},b`, [
    ["https://t.me/AbCd", "url https://t.me/AbCd"],
    ["https://t.me/abcd", "url https://t.me/abcd"],
  ]],
  [
    "numbers of autonomous systems with a dot",
    "AS1.10 announced it, then AS64500. Not AS1.70000, and not AS 1.0 of the tool.",
    [["65546", "asn 65546"], ["64500", "asn 64500"]],
  ],
  ["a column of numbers with a dot", "ip,asn\n192.0.2.1,1.10\n192.0.2.2,AS1.11", [
    ["192.0.2.1", "ipv4 192.0.2.1"],
    ["65546", "asn 65546"],
    ["192.0.2.2", "ipv4 192.0.2.2"],
    ["65547", "asn 65547"],
  ]],
  ["one column whose name says what it holds", "ASN\n64501\nAS64502\n1.10", [
    ["64501", "asn 64501"],
    ["AS64502", "asn 64502"],
    ["1.10", "asn 65546"],
  ]],
  ["one column of file names", "filename\nsetup.exe\nMy file.pdf", [
    ["setup.exe", "filename setup.exe"],
    ["My file.pdf", "filename My file.pdf"],
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

Deno.test("readList names the columns that hold no indicators", () => {
  const table = "time,src_ip,note\n2026-01-01,192.0.2.1,seen\n2026-01-02,192.0.2.2,";
  deepEqual(readList(table).unreadColumns, ["time", "note"]);
  const records = '[{"ip":"192.0.2.1","about":{"country":"NL"}}]';
  deepEqual(readList(records).unreadColumns, ["about.country"]);
  const { values } = readList("ip,note\n300.0.0.1,a\n192.0.2.1,b\n");
  const [broken] = values;
  match("reason" in broken! ? broken.reason : "", /300 is more than 255 \(column ip\)$/);
});

const SHA256 = "b3c4ae251f8094fa15b510051835c657eaef2a6cea46075d3aec964b14a99f68";
const SHA1 = "77b0c41b7d340b8a3d903f21347bbf06aa766b5b";

for (const line of [`SHA1: ${SHA1}`, `${SHA1} *b.exe`, `${SHA1} (b.exe)`, `see ${SHA1}, please`]) {
  Deno.test(`readList reads among checksums: ${line}`, () => {
    const { values, skipped } = readList(`${SHA256}  a.exe\n${line}\n`);
    deepEqual([values.map(({ value }) => value), [...skipped]], [[SHA256, SHA1], []]);
  });
}

Deno.test("readList reads what a line among rules mentions, once", () => {
  const rules = ["a", "b", "c", "d", "e"].map((name) => `0.0.0.0 ${name}.example.com`);
  const text = [
    "see 203.0.113.7 as well",
    "and 198.51.100.1 of a.example.com",
    "we thank all who told us of it",
  ];
  const { values, skipped } = readList([...rules, ...text].join("\n"));
  deepEqual(values.map(({ value }) => value), [
    ...["a", "b", "c", "d", "e"].map((name) => `${name}.example.com`),
    "203.0.113.7",
    "198.51.100.1",
  ]);
  deepEqual([...skipped], [["line without an indicator", 1]]);
});

Deno.test("readList counts the lines of a text that hold no indicator", () => {
  const mail = "Hi team,\nwe saw 192.0.2.1 today.\nIt was not nice.\nAnn";
  deepEqual([...readList(mail).skipped], [["line without an indicator", 3]]);
});

Deno.test("readList says what is wrong with a line, and what would help", () => {
  const [given] = readList("hello").values;
  match("reason" in given! ? given.reason : "", /give the sub-type before it, such as hostname$/);
});

Deno.test("readLinesAs takes each line as a value of the sub-type", () => {
  const { values } = readLinesAs("setup.exe\n\n My file.pdf \n", "filename");
  deepEqual(
    values.map((each) => "meaning" in each && each.meaning.normal.data),
    ["setup.exe", "My file.pdf"],
  );
  const [wrong] = readLinesAs("hello", "ipv4").values;
  equal("reason" in wrong!, true);
});

Deno.test("readList refuses a web page", () => {
  throws(() => readList("<!doctype html><p>192.0.2.1</p>"), /web page/);
});
