import { deepEqual, equal, throws } from "../../assert.ts";
import { parseJson } from "../../../lib/tahoe/json.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";
import { readList } from "../../../lib/typetags/ioc_list/read_list.ts";

/** The indicators in a JSON list, sorted, and what was skipped. */
function read(json: unknown) {
  const list = readList(parseJson(JSON.stringify(json)))!;
  const found = list.indicators.map(({ subType, data }) => `${subType} ${data}`);
  return { indicators: [...new Set(found)].sort(), skipped: Object.fromEntries(list.skipped) };
}

const SOURCE = { orgid: "org", timestamp: 1 };
const REFERENCE = "https://blog.example.org/post";
const SHA256 = "a1".repeat(32);

for (
  const [name, json, expected] of [
    [
      "records under their ids, as ThreatFox and URLhaus export them",
      {
        1700001: [{ ioc_value: "192.0.2.4:443", ioc_type: "ip:port", reference: REFERENCE }],
        1700002: [{ ioc_value: "c2.example", ioc_type: "domain", reference: null, anonymous: 0 }],
      },
      ["domain c2.example", "ipv4 192.0.2.4"],
    ],
    [
      "records of which only some have a field that is named as what every object inherits",
      [{ value: "192.0.2.4" }, { value: "192.0.2.5", valueOf: "", constructor: "x" }],
      ["ipv4 192.0.2.4", "ipv4 192.0.2.5"],
    ],
    [
      "the lists in an answer, whose next page is not an indicator",
      { query_status: "ok", next: REFERENCE, count: 1, data: [{ ioc: "c2.example", id: "1" }] },
      ["domain c2.example"],
    ],
    [
      "what Elasticsearch found, beside where it is",
      {
        took: 1,
        hits: {
          hits: [
            { _index: "ioc", _id: "1", _source: { ip: "192.0.2.1", reference: REFERENCE } },
            {
              _id: "2",
              _source: { threat: { indicator: { ip: "192.0.2.2", reference: REFERENCE } } },
            },
          ],
        },
      },
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2"],
    ],
    [
      "lists named after who was blocked, not after who is allowed",
      {
        blocked_ips: ["192.0.2.1"],
        "denied-remote-domains": ["a.bit"],
        allowed_domains: ["x.bit"],
      },
      ["domain a.bit", "ipv4 192.0.2.1"],
    ],
    [
      "addresses as Shodan exports them, not the names of their machines",
      {
        total: 1,
        matches: [{ hash: 1, hostnames: ["a.isp.example"], ip: 1, ip_str: "192.0.2.1", isp: "x" }],
      },
      ["ipv4 192.0.2.1"],
    ],
    [
      "an address that AbuseIPDB knows, not the domain of its holder",
      { data: { ipAddress: "192.0.2.1", isp: "x", domain: "isp.example", hostnames: [] } },
      ["ipv4 192.0.2.1"],
    ],
    [
      "an address, not the names to which it resolves",
      { ip: "192.0.2.1", hostnames: ["a.isp.example"], domains: ["isp.example"] },
      ["ipv4 192.0.2.1"],
    ],
    [
      "lists of each kind",
      { ips: ["192.0.2.1"], hostnames: ["a.example"], domains: ["b.example"] },
      ["domain a.example", "domain b.example", "ipv4 192.0.2.1"],
    ],
    [
      "addresses that GreyNoise does not know as harmless",
      [{ ip: "192.0.2.1", riot: false }, { ip: "192.0.2.2", riot: true }],
      ["ipv4 192.0.2.1"],
    ],
    [
      "what is still active in a pulse of OTX",
      {
        indicators: [{ indicator: "a.example", is_active: 1 }, {
          indicator: "b.example",
          is_active: 0,
        }],
      },
      ["domain a.example"],
    ],
    [
      "lists in objects of any name",
      { answer: { of: { indicators: [{ value: "a.example" }] } }, links: { url: REFERENCE } },
      ["domain a.example"],
    ],
    [
      "records whose indicators are in objects",
      [{ task: { url: "http://a.example/" }, result: REFERENCE, meta: { url: REFERENCE } }],
      ["url http://a.example/"],
    ],
    [
      "records of a list, not what describes it",
      [{ cidr: "192.0.2.0/24" }, { type: "metadata", url: REFERENCE }],
      ["ipv4_net 192.0.2.0/24"],
    ],
    [
      "no names of those who own something",
      [{ id: 1, owner: { domain: "a.example" }, whois: { host: "b.example" } }],
      [],
    ],
    [
      "records whose type is a list of objects",
      [{ type: [{}], ioc: "192.0.2.1" }],
      ["ipv4 192.0.2.1"],
    ],
    [
      "what is new, and not what was deleted",
      { new: [{ value: "192.0.2.1" }], deleted: [{ value: "192.0.2.2" }] },
      ["ipv4 192.0.2.1"],
    ],
    [
      "rows that are lists",
      [["192.0.2.1", REFERENCE], ["192.0.2.2", REFERENCE]],
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2"],
    ],
    [
      "rows that are lists, below their names",
      { data: [["ref", "domain"], [REFERENCE, "a.bit"], ["b.example", null]] },
      ["domain a.bit"],
    ],
    [
      "rows beside the names of their columns",
      { columns: ["reference", "ip"], rows: [[REFERENCE, "192.0.2.1"]] },
      ["ipv4 192.0.2.1"],
    ],
    [
      "observables of TheHive",
      {
        data: [{ dataType: "domain", data: "a.bit" }, { dataType: "filename", data: "b.example" }],
      },
      ["domain a.bit"],
    ],
    [
      "fields with the path to them as name",
      [{ "threat.indicator.ip": "192.0.2.1", "threat.indicator.reference": REFERENCE }],
      ["ipv4 192.0.2.1"],
    ],
    [
      "lists within lists",
      {
        results: [{
          name: "x",
          references: [REFERENCE],
          indicators: [{ indicator: "c2.example" }],
        }],
      },
      ["domain c2.example"],
    ],
    [
      "lists named after what they hold",
      {
        iocs: { ip: ["192.0.2.1"], domains: ["c2.bit"], hash: { sha256: [SHA256] } },
        refs: [REFERENCE],
      },
      ["domain c2.bit", "ipv4 192.0.2.1", `sha256 ${SHA256}`],
    ],
    [
      "indicators as keys, and nothing that is told about them",
      { "192.0.2.1": { rdns: "a.example", host: "b.example" }, "192.0.2.2": 5 },
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2"],
    ],
    ["strings", { indicators: ["192.0.2.1", "c2.example"] }, [
      "domain c2.example",
      "ipv4 192.0.2.1",
    ]],
    ["one record", { ip: "192.0.2.1", link: REFERENCE }, ["ipv4 192.0.2.1"]],
    [
      "vulnerabilities",
      { title: "Catalog", vulnerabilities: [{ cveID: "CVE-2021-44228", notes: REFERENCE }] },
      ["cve CVE-2021-44228"],
    ],
    [
      "numbers as text",
      [{ value: "c2.example", to_ids: false }, { value: "192.0.2.1", to_ids: 1 }],
      [
        "ipv4 192.0.2.1",
      ],
    ],
  ] as const
) {
  Deno.test(`readList reads JSON with ${name}`, () => {
    deepEqual(read(json).indicators, expected);
  });
}

Deno.test("readList counts lists in JSON that are not of indicators", () => {
  deepEqual(read({ domains: ["c2.example"], whitelist: ["good.example"] }), {
    indicators: ["domain c2.example"],
    skipped: { "list that is not one of indicators": 1 },
  });
});

Deno.test("readList finds nothing in a JSON object without a name for an indicator", () => {
  deepEqual(read({ home: REFERENCE, title: "x" }).indicators, []);
});

for (
  const json of [
    { error: "rate limit exceeded", documentation_url: REFERENCE },
    { message: `Not Found. See ${REFERENCE}` },
    { query_status: "no_results" },
    { success: false, url: REFERENCE },
    { errors: { code: 403 }, data: [] },
  ]
) {
  Deno.test(`readList refuses the message of a server: ${JSON.stringify(json).slice(0, 30)}`, () => {
    throws(() => read(json), {
      code: "EVENTS_INVALID",
      message: /^The data is a message of a server \(it has the field \w+\), not a list\./,
    });
  });
}

for (
  const [name, json, expected] of [
    [
      "the domain of the publisher",
      { title: "C2", domain: "vendor.example", iocs: [{ ip: "198.51.100.2" }] },
      ["ipv4 198.51.100.2"],
    ],
    [
      "the home page of the feed",
      { name: "List", url: "https://vendor.example/list", indicators: ["a.example.com"] },
      ["domain a.example.com"],
    ],
    [
      "the address of who asked",
      { ip: "192.0.2.77", results: [{ url: "http://a.example.com/1" }] },
      ["url http://a.example.com/1"],
    ],
    [
      "what a feed says of itself in an object",
      {
        feed: { url: "https://vendor.example/feed" },
        data: { iocs: { domains: ["b.example.com"] } },
      },
      ["domain b.example.com"],
    ],
  ] as const
) {
  Deno.test(`openObject leaves out ${name}, and counts it`, () => {
    const { indicators, skipped } = read(json);
    deepEqual(indicators, expected);
    equal(skipped["name or address of the list itself"], 1);
  });
}

Deno.test("openObject reads a record with the lists in it", () => {
  const { indicators } = read({
    host: "a.example.com",
    urls: [{ url: "http://a.example.com/1" }, { url: "http://a.example.com/2" }],
  });
  deepEqual(indicators, [
    "domain a.example.com",
    "url http://a.example.com/1",
    "url http://a.example.com/2",
  ]);
});

Deno.test("openArray counts a list in a record that it does not read", () => {
  const { indicators, skipped } = read([{ ioc: "a.example.com", remarks: [{ text: "x" }] }]);
  deepEqual(indicators, ["domain a.example.com"]);
  equal(skipped["list that is not one of indicators"], 1);
});

for (
  const [json, what] of [
    [{ stuff: ["a.example.com"], more: { stuff: [] } }, "2 × list that is not one of indicators"],
    [{ title: "x" }, "1 × object that names no indicator"],
  ] as const
) {
  Deno.test(`ioc_list says what it does not read of ${JSON.stringify(json)}`, () => {
    throws(() => IOC_LIST_FILTER.read(parseJson(JSON.stringify(json)), SOURCE), {
      code: "EVENTS_INVALID",
      message: `There is no indicator in the list: ${what}`,
    });
  });
}

for (
  const [name, text] of [
    ["with commas behind", '{"ip":"192.0.2.1","ref":"https://x.example/"},\n{"ip":"192.0.2.2"},\n'],
    [
      "over several lines",
      '{\n "ip": "192.0.2.1",\n "ref": "https://x.example/"\n}\n{\n "ip": "192.0.2.2"\n}\n',
    ],
    ["below a comment", '# https://x.example/\n{"ip":"192.0.2.1"}\n{"ip":"192.0.2.2"}\n'],
  ] as const
) {
  Deno.test(`readList reads JSON objects ${name}`, () => {
    const { indicators } = readList({ data: text })!;
    deepEqual(indicators.map(({ data }) => data), ["192.0.2.1", "192.0.2.2"]);
  });
}
