import { deepEqual, throws } from "../../assert.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";
import { malicious } from "./malicious.ts";

const MD5 = "b2".repeat(16);
const SHA256 = "a1".repeat(32);

for (
  const [name, text, expected] of [
    [
      "no versions of programs",
      "It exploits Struts 2.5.10.1, PAN-OS 10.2.3.4 and 10.2.4.1, fixed in 8.5.78.1 or later.\n" +
      "Build 10.0.0.5, v1.2.3.4, node.js 1.2.3.5 or log4j 2.14.1.0, OID 1.3.6.1, versions prior to 7.2.0.1.\n" +
      "The C2 is 192.0.2.1, the host 10.2.3.4 and Attacker 5.8.10.20.\n",
      ["10.2.3.4", "192.0.2.1", "5.8.10.20"],
    ],
    [
      "what stands before marks of a sentence",
      `Block 192.0.2.1! Was it 192.0.2.2? 192.0.2.3's traffic? Is it ${MD5}…\nSee "hxxp://bad.example/a!" and ‘hxxp://bad.example/b’?\n`,
      ["192.0.2.1", "192.0.2.2", "192.0.2.3", MD5, "http://bad.example/a", "http://bad.example/b"],
    ],
    [
      "no brands or programs written with a capital",
      "They imitate Booking.example and Shop.example.com, in Node.js and ASP.NET. Their site is evil.example.\n",
      ["evil.example"],
    ],
    [
      "no files or names that are not defanged in a line with a defanged one",
      "The loader of Shop.example.com drops README.md and setup.py, then calls a[.]bad[.]example (see docs.example.org).\n",
      ["a.bad.example"],
    ],
    ["all names of a line with nothing but names", "hxxp://a.example/x, b.example\n", [
      "b.example",
      "http://a.example/x",
    ]],
    [
      "a post with hashtags",
      "New #phish: hxxps://a[.]bad[.]example/x via @al https://t.example/abc\n192.0.2.1 #scanner of c.example\n",
      ["192.0.2.1", "https://a.bad.example/x"],
    ],
    [
      "no names of files, registrars and name servers behind labels",
      `Registrar: reg.example.com\nName server: ns1.example.com\nFile: setup.example\nMutex: a.b.example\nDescription: see x.example\nDomain: bad.example\nMD5: ${MD5}\n`,
      [MD5, "bad.example"],
    ],
    [
      "entries of Markdown lists",
      "## Indicators\n* **192.0.2.1**\n- [http://a.example/x](http://a.example/x)\n1. 192.0.2.2\n2) b.example\n- `c.example`\n" +
      "We saw [d\\[.\\]example](https://blog.example.org/) too.\n",
      ["192.0.2.1", "192.0.2.2", "b.example", "c.example", "d.example", "http://a.example/x"],
    ],
    [
      "code in Markdown, and who reported it as mentioned",
      "Report by lab.example.org\n```\na.example\n192.0.2.1\n```\n",
      ["192.0.2.1", "a.example"],
    ],
    [
      "names of any ending behind bullets, in quotes, behind labels and in one line",
      '- a.bazar\n* "b.bit"\nDomain: c.i2p\nd.lib, e.libre\n',
      ["a.bazar", "b.bit", "c.i2p", "d.lib", "e.libre"],
    ],
    ["no names of files in such a list", "- setup.exe\n- readme.md\n- run.sh\n", []],
    [
      "YAML without its lists of what is allowed",
      "description: from lab.example.org\nallowlist:\n  - good.example\n  - 192.0.2.9\ndomains:\n  - 'a.example'\n  - b.example # x\n",
      ["a.example", "b.example"],
    ],
    [
      "sections without the allowed one",
      "[blocked]\na.example\n[false positives]\ngood.example\n[addresses]\n192.0.2.1\n",
      ["192.0.2.1", "a.example"],
    ],
    [
      "checksums, not the names of their files",
      `${SHA256}  a.example\n${MD5} *b.example\nSHA256 (c.example) = ${SHA256}\n`,
      [SHA256, MD5],
    ],
    [
      "a log whose times have a comma",
      "2026-01-01 00:00:00,000 fail2ban.actions: NOTICE [sshd] Ban 192.0.2.1\n" +
      "2026-01-01 00:00:01,250 fail2ban.actions: NOTICE [sshd] Ban 192.0.2.2\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "lookups of Log4j that are encoded or end in another one",
      "GET /%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.1%2Fa%7D HTTP/1.1\n${jndi:ldaps://a.example/${env:USER}}\n",
      ["ldap://192.0.2.1/a", "ldaps://a.example/"],
    ],
    ["hosts of shares", "\\\\192.0.2.1\\share\\x.exe\n\\\\a.example@SSL\\DavWWWRoot\\x\n", [
      "192.0.2.1",
      "a.example",
    ]],
    ["small addresses in lines of two words", "Sweden 10.20.30.4\n", ["10.20.30.4"]],
    [
      "no names in a list of autonomous systems with bars",
      "AS64500 ; ZZ | isp.example Networks\nAS64501 ; ZZ | b.example\n",
      [],
    ],
    ["patterns of firewalls for all that is below a name", "*.a.example/\n192.0.2.1\n", [
      "192.0.2.1",
      "a.example",
    ]],
    ["settings without a program", "domain=a.example\nip=192.0.2.1\n", [
      "192.0.2.1",
      "a.example",
    ]],
    [
      "networks by start, end and prefix length in a line",
      "# start end prefix\n192.0.2.0 192.0.2.255 24\n198.51.100.0\t198.51.100.127\t25\n",
      ["192.0.2.0/24", "198.51.100.0/25"],
    ],
    ["a URL before other cells, but not a bar in its query", "http://a.example/x|phish|2026\n", [
      "http://a.example/x",
    ]],
    ["a bar in the query of a URL", "http://a.example/?x=1|2\n", ["http://a.example/?x=1|2"]],
    [
      "URLs with a query before another cell, and the markup of links",
      "It loads http://a.example/?x=1|evil there\nand then gets http://b.example/c?id=a1|C2 as well.\nNothing else is known.\n" +
      "Then <http://d.example/?y=2|d.example> follows\nLater http://e.example/?z=3|2026-11-29 does, it seems.\n" +
      "Last http://f.example/?q=4|g.example and\nhttp://h.example/css?family=One|Two come.\nThis is the end.\nIt may go on.\nNobody knows.\n",
      [
        "g.example",
        "http://a.example/?x=1",
        "http://b.example/c?id=a1",
        "http://d.example/?y=2",
        "http://e.example/?z=3",
        "http://f.example/?q=4",
        "http://h.example/css?family=One|Two",
      ],
    ],
    [
      "messages with the links of Slack",
      "Look at <http://a.example/?x=1|a.example> and <http://b.example/c|b>\n" +
      "They come from <http://d.example/?y=2|d.example> or <http://e.example/?z=3|here>\n",
      [
        "http://a.example/?x=1",
        "http://b.example/c",
        "http://d.example/?y=2",
        "http://e.example/?z=3",
      ],
    ],
    ["a URL alone before a word", "http://a.example/b?x=1|evil\n", ["http://a.example/b?x=1"]],
    ["cells with broken bars between them", "192.0.2.1¦x\n192.0.2.2¦y\n", [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    [
      "networks of a registry, not its abuse desks",
      "inetnum: 192.0.2.0 - 192.0.2.255\nabuse-mailbox: abuse@isp.example\n",
      ["192.0.2.0/24"],
    ],
    [
      "networks of a registry, not the mail addresses and pages beside them",
      "inet6num: 2001:db8::/32\nnetname: EXAMPLE\ne-mail: noc@isp.example\nnotify: a@isp.example\nmnt-nfy: b@isp.example\n" +
      "remarks: see https://isp.example/abuse\nNetRange: 198.51.100.0 - 198.51.100.255\nOrgAbuseEmail: c@isp.example\n" +
      "OrgTechEmail: d@isp.example\nRef: https://rdap.registry.example/ip/198.51.100.0\nOrgAbuseRef: https://rdap.registry.example/c\n",
      ["198.51.100.0/24", "2001:db8::/32"],
    ],
    [
      "exits of Tor, not the fingerprints of their keys",
      "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\nPublished 2026-11-28 01:12:13\nExitAddress 192.0.2.1 2026-11-28 13:11:33\n",
      ["192.0.2.1"],
    ],
    [
      "no hashes that words before them call otherwise",
      `JA3 ${MD5}\ncommit ${"c3".repeat(20)}\nPGP key fingerprint: ${"c4".repeat(20)}\nuuid=${
        "c5".repeat(16)
      }\nhash ${MD5}\n`,
      [MD5],
    ],
    ["hashes that a page broke, whole", `${SHA256.slice(0, 40)}\n${SHA256.slice(40)}\n${MD5}\n`, [
      SHA256,
      MD5,
    ]],
    ["dots in angle brackets", "a<.>bad<.>example\n", ["a.bad.example"]],
    [
      "no reference within a line",
      "bad.example.com - phishing, see ref.example.org\n192.0.2.1 scans, source: https://ref.example.org/1\n",
      ["192.0.2.1", "bad.example.com"],
    ],
    ["no reports and links", "Report: https://r.example.org/a\nLink: http://r.example.org/\n", []],
    ["no source in brackets", "192.0.2.1\nhttps://blog.example.org/analysis (source)\n", [
      "192.0.2.1",
    ]],
    [
      "no contact of a network",
      "attacks from 192.0.2.0-192.0.2.255 (contact abuse@example.org)\n" +
      "198.51.100.1 contact: joe@example.org\n203.0.113.0 203.0.113.255 24 noc@example.org\n",
      ["192.0.2.0/24", "198.51.100.1", "203.0.113.0/24"],
    ],
    ["links that are defanged", "Link: hxxp://bad.example.com/a\nsee bad[.]example[.]net\n", [
      "bad.example.net",
      "http://bad.example.com/a",
    ]],
    [
      "links and senders within sentences",
      "the link: http://bad.example.com/x came by security@bad.example.com from 192.0.2.1\n",
      ["192.0.2.1", "http://bad.example.com/x", "security@bad.example.com"],
    ],
    ["senders of mails", "mails from abuse@bad.example.com and joe@bad.example.com\n", [
      "abuse@bad.example.com",
      "joe@bad.example.com",
    ]],
    ["addresses in full-width digits", "１９２.0.2.1\n", ["192.0.2.1"]],
    [
      "networks with a blank, a slash or three octets",
      "192.0.2.0 /24\n198.51.100/24\n203.0.113.7/24/\n203.0.113.0..203.0.113.3\n",
      ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/30"],
    ],
    ["URLs without a scheme that have commas", "a.example/b,c\nd.example/e,f\n", [
      "a.example/b,c",
      "d.example/e,f",
    ]],
    ["a URL before a bar and an address", "http://a.example/x|192.0.2.1\n", [
      "192.0.2.1",
      "http://a.example/x",
    ]],
  ] as const
) {
  Deno.test(`ioc_list reads ${name}`, () => deepEqual(malicious(text), [...expected].sort()));
}

Deno.test("ioc_list counts autonomous systems, and reads no names of their holders", () => {
  const { events, skipped } = IOC_LIST_FILTER.read(
    { data: "AS64500 isp.example\nASN 64501\nAS64502 192.0.2.0/24\n192.0.2.1\n" },
    { orgid: "org", timestamp: 1 },
  );
  deepEqual(events.map(({ data }) => Object.values(data).flat()), [["192.0.2.0/24"], [
    "192.0.2.1",
  ]]);
  deepEqual(skipped, { "autonomous system": 2 });
});

Deno.test("ioc_list reads URLs whose scheme was mistyped", () => {
  for (const start of ["http//", "http:/", "http:///", "(http//", "hxxp//", "http;//"]) {
    deepEqual(malicious(`192.0.2.1\n${start}c2.example/a\n`), ["192.0.2.1", "http://c2.example/a"]);
  }
  deepEqual(malicious("192.0.2.1\nhttp//intranet/a\nhttp:192.0.2.7:80\n"), [
    "192.0.2.1",
    "192.0.2.7",
  ]);
  const archived = "http://archive.example/web/http:/c2.example/a";
  deepEqual(malicious(archived), [archived]);
});

Deno.test("ioc_list reads values in wide brackets and in italics, and addresses that end in zeros", () => {
  deepEqual(malicious("*http://c2.example/a*\n\uff08192.0.2.1\uff09\n2001:db8::, 192.0.2.2\n"), [
    "192.0.2.1",
    "192.0.2.2",
    "2001:db8::",
    "http://c2.example/a",
  ]);
});

Deno.test("ioc_list takes neither end of traffic in a line of a log for the attacker", () => {
  const lines = [
    "Jul  1 08:00:00 fw kernel: DROP IN=eth0 SRC=192.0.2.1 DST=198.51.100.1 PROTO=TCP",
    'src_ip="192.0.2.2" dst_ip="198.51.100.1" url="http://c2.example/a"',
    "Blocked source: 2001:db8::1, destination: 2001:db8::2",
    "Blocked src=192.0.2.3 by a rule",
  ];
  deepEqual(malicious(lines.join("\n")), ["192.0.2.3", "http://c2.example/a"]);
});

for (
  const line of [
    "src=192.0.2.1 dst=198.51.100.1",
    "src=192.0.2.1:80,dst=198.51.100.1:22,action=deny",
    "Source IP: 192.0.2.1 Destination IP: 198.51.100.1",
    "local=198.51.100.1 remote=192.0.2.1",
    "Deny tcp src outside:192.0.2.1/1234 dst inside:198.51.100.1/22",
    "[1:2000:1] scan {TCP} 192.0.2.1:1234 -> 198.51.100.1:22",
    "proto TCP, 192.0.2.1:1->198.51.100.1:22, len 40",
    "Connection from 192.0.2.1 port 51514 on 198.51.100.1 port 22",
  ]
) {
  Deno.test(`ioc_list says that either end may be the victim of ${line}`, () => {
    const read = () => IOC_LIST_FILTER.read({ data: line }, { orgid: "o", timestamp: 1 });
    throws(read, /: 1 × both ends of traffic: either .* To import those that attacked/);
  });
}

Deno.test("ioc_list reads mail addresses behind the names of settings and fields", () => {
  const text = "from=a@evil.example\nMAILTO=b@evil.example\nprvs=1=c@evil.example\n" +
    "http://evil.example/a?email=d@bank.example\nevil.example/?a=1&to=e@bank.example\n";
  deepEqual(malicious(text), [
    "a@evil.example",
    "b@evil.example",
    "evil.example/?a=1&to=e@bank.example",
    "http://evil.example/a?email=d@bank.example",
    "prvs=1=c@evil.example",
  ]);
});
