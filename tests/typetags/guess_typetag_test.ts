import { equal, match } from "../assert.ts";
import { guessTypetag } from "../../lib/typetags/guess_typetag.ts";

const COWRIE = '{"eventid": "cowrie.login.failed", "src_ip": "192.0.2.1"}';
const STIX_OBJECT = '{"type": "malware", "id": "malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061"}';

/** Name and content of files, and what they are; null if that is in doubt. */
const CASES: [name: string, text: string, typetag: string | null][] = [
  ["cowrie.json", COWRIE, "cowrie"],
  ["cowrie.json.2020-03-19", `${COWRIE}\n${COWRIE}\n`, "cowrie"],
  ["log", `[${COWRIE}, `, "cowrie"],
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
  ["one word", "foo\n", null],
  ["half.csv", "domain\na.example\nsomething else\n", null],
  ["ours.csv", "customer_domain\na.example\n", null],
  ["brands.csv", "brand\na.example\n", null],
  ["white.csv", "allowlist\na.example\n", null],
  ["asn.csv", "asn\nAS64500\n", null],
  ["commented.csv", "# terms\n# id,dateadded,url\n1,x,http://a.example/\n", "ioc_list"],
  ["seen.json", '{"ipv4": "192.0.2.1", "timestamp": 5}', "sighting"],
  ["allowlist.txt", "example.com\nexample.org\n", null],
  ["top-1m.csv", "example.com\nexample.org\n", null],
  ["access.log", '192.0.2.1 - - [10/Oct/2000] "GET / HTTP/1.0" 200 2326\n', null],
  ["notes.txt", "See 192.0.2.1 tomorrow\n", null],
  ["page", "<!DOCTYPE html><a href='http://a.example/'>", null],
  ["feed.xml", "<?xml version='1.0'?><rss>", null],
  ["any.json", '{"a": 1}', null],
  ["empty", " \n", null],
  ["both.json", `{"objects": [${STIX_OBJECT}], "log": ${COWRIE}}`, null],
];

for (const [name, text, typetag] of CASES) {
  Deno.test(`guessTypetag ${typetag === null ? "is in doubt about" : "knows"} ${name}`, () => {
    const guess = guessTypetag(name, text);
    equal(guess.typetag ?? null, typetag, guess.reason);
  });
}

Deno.test("guessTypetag names all that a file could be", () => {
  const [, text] = CASES.find(([name]) => name === "both.json")!;
  match(guessTypetag("both.json", text).reason, /^it could be cowrie \(.*\) or stix \(.*\)$/);
});
