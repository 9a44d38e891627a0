import { equal, match, ok } from "../assert.ts";
import { guessTypetag } from "../../lib/typetags/guess_typetag.ts";

const COWRIE = '{"eventid": "cowrie.login.failed", "src_ip": "192.0.2.1"}';
const STIX_OBJECT = '{"type": "malware", "id": "malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061"}';

/** Name and content of files, and what they are; null if that is in doubt. */
const SEEN = '{"ipv4": "192.0.2.1", "timestamp": 5}';

const CASES: [name: string, text: string, typetag: string | null][] = [
  ["cowrie.json", COWRIE, "cowrie"],
  ["cowrie.json.2020-03-19", `${COWRIE}\n${COWRIE}\n`, "cowrie"],
  ["log", `[${COWRIE}, `, "cowrie"],
  ["cut.mbox", "end\n\nFrom a@b.example Thu Jan  1 00:00:00 2026\nTo: c@d.example\n\nx\n", "email"],
  ["iso.mbox", "From a@b.example 2026-01-01T10:00:00Z\nTo: c@d.example\n\nx\n", "email"],
  ["box.mmdf", "\x01\x01\x01\x01\nTo: c@d.example\n\nx\n", "email"],
  ["x.json", `{"objects": [{"pattern": "[ipv4-addr:value = 'x']"}]}`, "stix"],
  ["gelf.json", '{"version": "1.1", "_eventid": "cowrie.login.failed"}', "cowrie"],
  ["beat.json", '{"json.eventid": ["cowrie.login.failed"]}', "cowrie"],
  ["attributes.json", '[{"type": "md5", "category": "x", "to_ids": true}]', "misp"],
  ["half", `67", "x": 1}\n${COWRIE}\n`, "cowrie"],
  ["es.json", `{"_source": ${COWRIE}}`, "cowrie"],
  ["beats.json", `{"message": ${JSON.stringify(COWRIE)}}`, "cowrie"],
  ["kippo.json", '{"eventid": "KIPP0001"}', "cowrie"],
  ["bundle.json", `{"type": "bundle", "objects": [${STIX_OBJECT}`, "stix"],
  ["lines.json", `${STIX_OBJECT}\n${STIX_OBJECT}`, "stix"],
  ["taxii.json", `{"more": false, "objects": [${STIX_OBJECT}]}`, "stix"],
  ["event.json", '{"Event": {"uuid": "5f", "info": "x"}}', "misp"],
  ["search.json", '{"response": [{"Event": {"info": "x"}}]}', "misp"],
  [
    "list.json",
    '{"name": "x", "list": ["192.0.2.1"], "matching_attributes": ["ip-dst"]}',
    "ioc_list",
  ],
  ["mail.eml", "Received: by x\n\tid y\nFrom: a@b.example\nTo: c@d.example\n\nHello", "email"],
  ["mail", "From: a@b.example\r\nDate: x\r\nSubject: 192.0.2.1\r\n\r\nHello", "email"],
  [
    "odd",
    "Return-Path: <a@b.example>\nDelivered-To: c@d.example\nReceived: by x\n\tid y\nX-Spam_Score: 1\nX-a.b: 2\nFrom: a@b.example\nTo: c\n\nHello",
    "email",
  ],
  [
    "no body",
    "Return-Path: <a@b.example>\nDelivered-To: c@d.example\nReceived: by x\n\tid y\nFrom: a@b.example\nSubject: x\n",
    "email",
  ],
  [
    "one.eml",
    "Return-Path: <a@b.example>\nDelivered-To: c@d.example\nReceived: by x\n\tid y\nDate: x\n\nHello",
    "email",
  ],
  ["one.EML.gz", "From: a@b.example\n\nHello", "email"],
  [
    "one.txt",
    "Return-Path: <a@b.example>\nDelivered-To: c@d.example\nReceived: by x\n\tid y\nDate: x\n\nHello",
    null,
  ],
  ["text.eml", "Hello\nReceived: by x\n\nHello", null],
  ["spool", "From a@b.example\nFrom: a@b.example\nDate: x\nTo: c@d.example\n\nHello", "email"],
  ["mbox", "From a@b.example Thu Jan  1 00:00:00 2026\nFrom: a@b.example\n\nHello", "email"],
  ["verified.csv", "phish_id,url,target\n1,http://a.example/,x\n", "phishtank_feed"],
  ["verified.json", '[{"phish_id": "1", "url": "http://a.example/"}]', "phishtank_feed"],
  ["openphish.txt", "http://a.example/\nhttps://b.example/x\n", "openphish_feed"],
  ["urls.txt", "# a comment\nhttp://a.example.com/\nhxxps://b[.]example[.]com/x\n", "ioc_list"],
  ["ips", "192.0.2.1\n198.51.100.0/24\n2001:db8::1\n", "ioc_list"],
  ["ioc.csv", '"sha256_hash","file_type"\n"x","exe"\n', "ioc_list"],
  ["domains.csv", "domain\na.example\nb.bazar\n", "ioc_list"],
  ["ips.csv", '"IP"\r\n"192.0.2.1"\r\n', "ioc_list"],
  ["header.csv", "domain\n", "ioc_list"],
  ["foo.csv", "foo\na.example\n192.0.2.1\n", "ioc_list"],
  ["list.yaml", "- a.example\n- 'b.example'\n", "ioc_list"],
  ["drop.txt", "; DROP\n192.0.2.0/24 ; SBL1\n198.51.100.0/24 ; SBL2\n", "ioc_list"],
  ["mac.csv", "ip,seen\r192.0.2.1,2026\r192.0.2.2,2026\r", "ioc_list"],
  ["proxy.csv", "src_ip,dst_ip,url\n192.0.2.1,192.0.2.2,http://a.example/\n", null],
  ["one word", "foo\n", null],
  ["half.csv", "domain\na.example\nsomething else\n", null],
  ["ours.csv", "customer_domain\na.example\n", null],
  ["brands.csv", "brand\na.example\n", null],
  ["white.csv", "allowlist\na.example\n", null],
  ["asn.csv", "asn\nAS64500\n", null],
  ["commented.csv", "# terms\n# id,dateadded,url\n1,x,http://a.example/\n", "ioc_list"],
  [
    "typed.csv",
    "type,value,comment\nip-dst,192.0.2.1,x\ndomain,a.example,see https://x.example/\n",
    "ioc_list",
  ],
  ["intel.csv", "name;kind;value\nx;Intel::ADDR;192.0.2.1\n", "ioc_list"],
  ["settings.csv", "type,value\nstring,a.example\nnumber,5\n", null],
  ["excel.csv", "sep=;\r\nip;score;comment\r\n192.0.2.1;5;x\r\n", "ioc_list"],
  [
    "ipsum.txt",
    "# IPsum\n#\n# IP\tnumber of (black)lists\n#\n192.0.2.1\t10\n192.0.2.2\t9\n",
    "ioc_list",
  ],
  ["titled.csv", "Indicators of March\nC2 domain,seen on\na.bazar,x\n", "ioc_list"],
  ["defender.csv", "IndicatorType,IndicatorValue,Action\nIpAddress,192.0.2.1,Block\n", "ioc_list"],
  ["kev.csv", "cveID,vendorProject,dateAdded\nCVE-2021-27104,X,2021-11-03\n", "ioc_list"],
  ["networks.csv", "cidr,seen\n192.0.2.0/24,1\n", "ioc_list"],
  ["addresses.csv", "name,value\nlab,192.0.2.1\n", null],
  ["logins.csv", "time,src_ip,user\n1,192.0.2.1,x\n", null],
  ["odd.csv", "cidr,seen\nx,1\ny,2\n192.0.2.0/24,3\n", null],
  ["blacklist.json", '{"data":[{"ipAddress":"192.0.2.1","abuseConfidenceScore":100}]}', "ioc_list"],
  ["check.json", '{"data":{"ipAddress":"192.0.2.1","abuseConfidenceScore":0}}', null],
  [
    "pulse.json",
    '{"name":"x","indicators":[{"indicator":"a.example","type":"domain"}]}',
    "ioc_list",
  ],
  ["threatfox.json", '{"1":[{"ioc_value":"192.0.2.1:443","ioc_type":"ip:port"}]}', "ioc_list"],
  [
    "feodo.json",
    '[{"ip_address":"192.0.2.1","malware":"x","last_online":"2026-01-01"}]',
    "ioc_list",
  ],
  [
    "urlhaus.json",
    '{"1":[{"url":"http://a.example/x","urlhaus_link":"https://x.example/1/"',
    "ioc_list",
  ],
  ["drop.json", '{"cidr":"192.0.2.0/24","sblid":"SBL1"}\n{"type":"metadata"}\n', "ioc_list"],
  ["iocs.json", '{"feed":"x","iocs":[{"value":"a.example","type":"domain"}]}', "ioc_list"],
  ["c2.csv", "c2,malware\n192.0.2.1:443,x\n", "ioc_list"],
  ["format.csv", "# Format: ip,port,date\n192.0.2.1,443,2026\n", "ioc_list"],
  ["rows.csv", "192.0.2.1,2026-01-01,5\n192.0.2.2,2026-01-01,6\n", null],
  ["table.md", "# IOCs\n| Type | Indicator |\n|---|---|\n| domain | a.example |\n", "ioc_list"],
  [
    "report.md",
    "# Report\n## Tools\n| Tool | URL |\n|---|---|\n| x | https://a.example/ |\n",
    null,
  ],
  ["proxy.csv", "time,client_ip,method,url,status\n1,192.0.2.1,GET,http://a.example/,200\n", null],
  ["dns.csv", "time;client;query_type;domain;rcode\n1;192.0.2.1;A;a.example;NOERROR\n", null],
  ["kev.json", '{"vulnerabilities":[{"cveID":"CVE-2021-27104"}]}', "ioc_list"],
  ["economy.json", '[{"indicator":"unemployment","value":"5"}]', null],
  ["access.json", '{"ip":"192.0.2.1","url":"http://a.example/","status":200}', null],
  ["allowlist.json", '[{"ioc":"a.example"}]', null],
  ["seen.json", '{"ipv4": "192.0.2.1", "timestamp": 5}', "sighting"],
  ["cut.json", `[${SEEN}, ${SEEN}, {"ipv4": "192.0`, "sighting"],
  ["commas.json", `[${SEEN},, ${SEEN},]`, "sighting"],
  ["commented.json", `// seen\n[${SEEN}]`, "sighting"],
  ["long.ndjson", `${SEEN}\n${SEEN}\n{"ipv4": "192.0`, "sighting"],
  ["objects.json", `${SEEN},\n${SEEN}`, "sighting"],
  ["broken.json", `[${SEEN}, {"ipv4": x}, {"ipv4": y}]`, null],
  ["other.json", `[${SEEN}, {"a": 1}, {"ipv4": "192.0`, null],
  ["numbers.json", `[${SEEN}, 1]`, null],
  ["allowlist.txt", "example.com\nexample.org\n", null],
  ["top-1m.csv", "example.com\nexample.org\n", null],
  ["access.log", '192.0.2.1 - - [10/Oct/2000] "GET / HTTP/1.0" 200 2326\n', null],
  ["notes.txt", "See 192.0.2.1 tomorrow\n", null],
  ["page", "<!DOCTYPE html><a href='http://a.example/'>", null],
  ["feed.xml", "<?xml version='1.0'?><rss>", null],
  ["any.json", '{"a": 1}', null],
  ["machines.csv", "host,ip,owner\nweb01,192.0.2.10,alice\n", null],
  ["scan.csv", "Plugin ID,CVE,Host\n1,CVE-2003-1567,192.0.2.10\n", null],
  ["empty", " \n", null],
  ["both.json", `{"objects": [${STIX_OBJECT}], "log": ${COWRIE}}`, null],
];

for (const [name, text, typetag] of CASES) {
  Deno.test(`guessTypetag ${typetag === null ? "is in doubt about" : "knows"} ${name}`, () => {
    const guess = guessTypetag(name, text);
    equal(guess.typetag ?? null, typetag, guess.reason);
  });
}

const BINARY: readonly (readonly [bytes: string, reason: RegExp])[] = [
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", /mail of Outlook .* save a mail as \.eml/],
  ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", /^it is binary data/],
  ["\xff\xd8\xff\xe0\0\x10JFIF", /^it is binary data/],
  ["GIF89a\x01\0", /^it is binary data/],
  ["MZ\x90\0\x03\0\0\0", /^it is binary data/],
  ["%PDF-1.7\n", /^it is binary data/],
];

for (const [bytes, reason] of BINARY) {
  Deno.test(`guessTypetag says what begins with ${JSON.stringify(bytes)}`, () => {
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    const guess = guessTypetag("x", text);
    match(guess.reason, reason);
    equal(guess.isInDoubt, undefined);
  });
}

Deno.test("guessTypetag names all that a file could be", () => {
  const [, text] = CASES.find(([name]) => name === "both.json")!;
  match(guessTypetag("both.json", text).reason, /^it could be cowrie \(.*\) or stix \(.*\)$/);
});

for (
  const [name, text, reason, indicators] of [
    ["hosts", "127.0.0.1 localhost\n0.0.0.0 a.example\n", /hosts file/, 1],
    ["rpz", "$TTL 60\n@ IN NS localhost.\na.example CNAME .\n", /rules/, 1],
    ["adblock", "! Title\n||a.example^\n||b.example^$third-party\n", /rules/, 2],
    ["allowlist.txt", "a.example\n", /harmless/, 1],
    ["log.csv", "time,src_ip,dst_ip\n1,192.0.2.1,192.0.2.2\n", /either end/, undefined],
    [
      "conn.log",
      "#fields\tts\tid.orig_h\tid.resp_h\tproto\n1\t192.0.2.1\t192.0.2.2\ttcp\n",
      /either end/,
      undefined,
    ],
    ["proxy.csv", "client_ip;method;url\n192.0.2.1;GET;http://a.example/\n", /log of a server/, 1],
    ["machines.csv", "host,ip,owner\nw,192.0.2.1,a\n", /^it is an inventory/, undefined],
    ["robots.txt", "User-agent: *\nDisallow: /a\n", /^it is a robots.txt/, undefined],
    ["notes.txt", "See 192.0.2.1 tomorrow\n", /^neither its name/, 1],
    ["twice.json.gz", "\x1f\ufffd\b\0", /compressed with gzip twice/, undefined],
    ["poem.txt", "No one has seen it\n", /^neither its name/, undefined],
  ] as const
) {
  Deno.test(`guessTypetag says what it doubts about ${name}`, () => {
    const guess = guessTypetag(name, text);
    match(guess.reason, reason);
    equal(guess.indicators, indicators);
  });
}

Deno.test("guessTypetag looks at a long line of times in no time", () => {
  const times = "00:00 ".repeat(11_000);
  const start = performance.now();
  for (const text of [`From x ${times}`, `a\n\nFrom x ${times}\n`]) guessTypetag("x.mbox", text);
  const took = performance.now() - start;
  ok(took < 2000, String(took));
});
