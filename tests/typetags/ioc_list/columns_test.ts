import { deepEqual, throws } from "../../assert.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";
import { readList } from "../../../lib/typetags/ioc_list/read_list.ts";

/** The indicators in a table, sorted, with their ports. */
function indicators(text: string): readonly string[] {
  return readList({ data: text })!.indicators
    .map(({ subType, data, port }) => `${subType} ${data}${port === undefined ? "" : `:${port}`}`)
    .sort();
}

function skipped(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(readList({ data: text })!.skipped);
}

const SHA256 = "a1".repeat(32);
const MD5 = "b2".repeat(16);
const MISP = "uuid,event_id,category,type,value,comment,to_ids,date\n";

for (
  const [name, text, expected] of [
    [
      "cells of two values, as MISP writes them",
      MISP + "u,1,Network,ip-dst|port,192.0.2.1|443,,1,20260101\n" +
      "u,1,Network,ip-src|port,2001:db8::1|53,,1,20260101\n" +
      "u,1,Network,domain|ip,c2.example|192.0.2.2,,1,20260101\n" +
      "u,1,Network,hostname|port,c3.example|8080,,1,20260101\n" +
      `u,1,Payload,filename|sha256,a b.exe|${SHA256},,1,20260101\n` +
      `u,1,Payload,malware-sample,mal.example|${MD5},,1,20260101\n` +
      "u,1,Payload,filename|ssdeep,a.exe|3:a:b,,1,20260101\n" +
      "u,1,Persistence,regkey|value,HKLM\\x|evil.example,,1,20260101\n" +
      "u,1,Payload,filename,evil.example,,1,20260101\n",
      [
        "domain c2.example",
        "domain c3.example:8080",
        "ipv4 192.0.2.1:443",
        "ipv4 192.0.2.2",
        "ipv6 2001:db8::1:53",
        `md5 ${MD5}`,
        `sha256 ${SHA256}`,
      ],
    ],
    [
      "cells of two values without a type",
      `ioc,seen\n192.0.2.1|443,2026\nsetup.exe|${MD5},2026\nc2.example|192.0.2.2,2026\n`,
      ["domain c2.example", "ipv4 192.0.2.1:443", "ipv4 192.0.2.2", `md5 ${MD5}`],
    ],
    [
      "rows that are not called harmless",
      "ip,classification\n192.0.2.1,malicious\n192.0.2.2,benign\n192.0.2.3,unknown\n192.0.2.4,False Positive\n",
      ["ipv4 192.0.2.1", "ipv4 192.0.2.3"],
    ],
    [
      "rows that are not false positives",
      "domain,is_false_positive,revoked\na.example,false,0\nb.example,true,0\nc.example,false,1\n",
      ["domain a.example"],
    ],
    ...["allowed_ip", "Trusted IPs", "sensor_ip", "internal address", "whitelist"].map((name) =>
      [
        `no column ${name}`,
        `seen,${name}\n2026-01-01,192.0.2.1\n2026-01-02,192.0.2.2\n`,
        [],
      ] as const
    ),
    ["disallowed addresses", "seen,disallowed\n2026-01-01,192.0.2.1\n2026-01-02,192.0.2.2\n", [
      "ipv4 192.0.2.1",
      "ipv4 192.0.2.2",
    ]],
    [
      "addresses, not the networks in which they are",
      "ip,cidr,asn\n192.0.2.7,192.0.2.0/24,64496\n,198.51.100.0/24,64496\n",
      ["ipv4 192.0.2.7", "ipv4_net 198.51.100.0/24"],
    ],
    [
      "addresses, not the mail addresses of their abuse desks",
      "ip,attacks,email\n192.0.2.7,5,noc@isp.example\n",
      ["ipv4 192.0.2.7"],
    ],
    ["mail addresses of senders", "ip,username,email\n192.0.2.7,spammer,x@evil.example\n", [
      "email_addr x@evil.example",
      "ipv4 192.0.2.7",
    ]],
    [
      "URLs that contain blanks or quotes",
      'url,date\n"http://bad.example/a b.exe",2026\n"http://bad.example/?q=""x""",2026\n',
      ['url http://bad.example/?q="x"', "url http://bad.example/a b.exe"],
    ],
    [
      "rows below a title",
      "Indicators of compromise,,\nip,reference,note\n192.0.2.1,https://x.example/,a\n192.0.2.2,https://x.example/,b\n",
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2"],
    ],
    [
      "rows that say how Excel shall separate them",
      "sep=;\nip;reference\n192.0.2.1;https://x.example/\n192.0.2.2;https://x.example/\n",
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2"],
    ],
    [
      "rows with borders of a terminal",
      "+----+-----------+-------+\n| id | indicator | ref |\n+----+-----------+-------+\n| 1 | a.example | https://x.example/ |\n+----+-----------+-------+\n",
      ["domain a.example"],
    ],
    [
      "rows with drawn borders",
      "┌────┬───────────┬──────┐\n│ id │ indicator │ ref │\n├────┼───────────┼──────┤\n│ 1 │ a.example │ https://x.example/ │\n└────┴───────────┴──────┘\n",
      ["domain a.example"],
    ],
    [
      "networks of two cells",
      "network,prefixlen,country\n192.0.2.0,24,ZZ\n198.51.100.0,/25,ZZ\n203.0.113.0,255.255.255.192,ZZ\n",
      ["ipv4_net 192.0.2.0/24", "ipv4_net 198.51.100.0/25", "ipv4_net 203.0.113.0/26"],
    ],
    [
      "hashes of the kind that the row names",
      `algorithm,hash\nJA3,${MD5}\nimphash,${"c3".repeat(16)}\nfile,${"d4".repeat(16)}\n`,
      [`imphash ${"c3".repeat(16)}`, `md5 ${"d4".repeat(16)}`],
    ],
    [
      "rows whose action is not to let pass",
      "indicator,action\na.example,Block\nb.example,Allow\nc.example,alert\nd.example,exempt\n",
      ["domain a.example", "domain c.example"],
    ],
    [
      "rows whose text has other separators",
      "Bulk mode\n64500 | 192.0.2.1 | EXAMPLE, ZZ\n64501 | 192.0.2.2 | X, ZZ\n64502 | 192.0.2.3 | Y, ZZ\n",
      ["ipv4 192.0.2.1", "ipv4 192.0.2.2", "ipv4 192.0.2.3"],
    ],
    [
      "intelligence of Zeek",
      "#fields\tindicator\tindicator_type\tmeta.source\tmeta.url\n192.0.2.1\tIntel::ADDR\tx\thttps://x.example/\n" +
      "a.bit\tIntel::DOMAIN\tx\t-\nb.example\tIntel::FILE_NAME\tx\t-\n" +
      `${MD5}\tIntel::FILE_HASH\tx\t-\n`,
      ["domain a.bit", "ipv4 192.0.2.1", `md5 ${MD5}`],
    ],
    ["a single row by its comment", `# ja3_md5,seen,reason\n${MD5},2026-01-01,x\n`, []],
    [
      "names before the number of their autonomous system",
      "domain,asn\na.example,64500\n",
      ["domain a.example"],
    ],
    [
      "no names behind the number of their autonomous system",
      "country,asn,domain\nZZ,64500,isp.example\n",
      [],
    ],
    [
      "what Microsoft Sentinel exports, without what is no longer active",
      "DomainName,NetworkIP,NetworkSourceIP,NetworkDestinationIP,NetworkCidrBlock,Url,FileHashValue,FileHashType,EmailSenderAddress,Type,Active,Description\n" +
      ",192.0.2.1,,,,,,,,ThreatIntelligenceIndicator,true,x\n,,192.0.2.2,,,,,,,ThreatIntelligenceIndicator,true,x\n" +
      ",,,192.0.2.3,,,,,,ThreatIntelligenceIndicator,True,x\n,,,,198.51.100.0/24,,,,,ThreatIntelligenceIndicator,true,x\n" +
      `,,,,,,${MD5},MD5,,ThreatIntelligenceIndicator,true,x\n,,,,,,,,x@evil.example,ThreatIntelligenceIndicator,true,x\n` +
      "gone.example,,,,,,,,,ThreatIntelligenceIndicator,false,x\n,192.0.2.9,,,,,,,,ThreatIntelligenceIndicator,False,x\n",
      [
        "email_addr x@evil.example",
        "ipv4 192.0.2.1",
        "ipv4 192.0.2.2",
        "ipv4 192.0.2.3",
        "ipv4_net 198.51.100.0/24",
        `md5 ${MD5}`,
      ],
    ],
    [
      "rows that are still valid",
      "value,is_active,status\na.example,1,active\nb.example,0,active\nc.example,1,expired\nd.example,1,Inactive\n",
      ["domain a.example"],
    ],
    [
      "addresses, not the names of their machines and holders",
      "ip,hostname,domain,isp\n192.0.2.1,a.isp.example,isp.example,ISP\n",
      ["ipv4 192.0.2.1"],
    ],
    [
      "names before their addresses and the holders of these",
      "domain,ip,isp\na.example,192.0.2.1,ISP\n",
      ["domain a.example", "ipv4 192.0.2.1"],
    ],
    [
      "columns named after who was blocked",
      "blocked_ips,malicious_hosts,allowed_domains\n192.0.2.1,a.example,good.example\n",
      [
        "domain a.example",
        "ipv4 192.0.2.1",
      ],
    ],
  ] as const
) {
  Deno.test(`readList reads ${name} in a table`, () => deepEqual(indicators(text), expected));
}

Deno.test("readList names the columns of both ends of traffic, and reads neither", () => {
  const text = "time,src_ip,dst_ip,url\n1,192.0.2.1,198.51.100.1,http://bad.example/\n";
  deepEqual(indicators(text), ["url http://bad.example/"]);
  deepEqual(skipped(text), {
    "column src_ip: either end may be the victim": 1,
    "column dst_ip: either end may be the victim": 1,
  });
});

for (
  const header of ["src_ip,dst_ip", "src,dst", "id.orig_h,id.resp_h", "SourceIP,DestinationIP"]
) {
  Deno.test(`ioc_list says why a table of ${header} has no indicators`, () => {
    const data = { data: `${header}\n192.0.2.1,198.51.100.1\n192.0.2.2,198.51.100.1\n` };
    throws(() => IOC_LIST_FILTER.read(data, { orgid: "org", timestamp: 1 }), {
      code: "EVENTS_INVALID",
      message: /^There is no indicator in the list: .*column \S+: either end may be the victim/,
    });
  });
}

Deno.test("readList reads no names of the holders of autonomous systems", () => {
  const text =
    '{"asn":64496,"domain":"isp.example","cc":"ZZ"}\n{"asn":64497,"domain":"b.example"}\n';
  deepEqual(indicators(text), []);
  deepEqual(skipped(text), {
    "line without an indicator": 2,
    "column domain: holder of an autonomous system": 1,
  });
});

Deno.test("readList names further columns of indicators, of which it reads the first", () => {
  const text = "192.0.2.1,x,a.example\n192.0.2.2,y,b.example\n";
  deepEqual(indicators(text), ["ipv4 192.0.2.1", "ipv4 192.0.2.2"]);
  deepEqual(skipped(text), { "column 3: behind the first of indicators": 1 });
});

for (const name of ["brand", "target", "reference", "asn", "ja3", "JARM", "TLSH"]) {
  Deno.test(`readList names a single column ${name}, and reads none of it`, () => {
    const text = `${name}\nshop.example\n${MD5}\n`;
    deepEqual(indicators(text), []);
    deepEqual(Object.keys(skipped(text))[1]?.startsWith(`column ${name}: `), true);
  });
}

for (const name of ["domain", "IP", '"ioc value"', "foo", "# domain"]) {
  Deno.test(`readList reads a single column ${name}`, () => {
    deepEqual(indicators(`${name}\na.example\nb.example\n`), [
      "domain a.example",
      "domain b.example",
    ]);
  });
}

Deno.test("IOC_LIST_FILTER counts columns of indicators whose names it does not know", () => {
  deepEqual(
    skipped(
      "domain,ptr,reference,seen_at,ja3\n" +
        `a.example,x.isp.example,https://blog.example.org/,,${MD5}\nb.example,,,http://z.example.com/,\n`,
    ),
    {
      "column ptr: no name of indicators": 1,
      "column reference: not to be looked for": 1,
      "column seen_at: no name of indicators": 1,
      "column ja3: no hash of a whole file": 1,
    },
  );
  deepEqual(skipped("name,start,end\nx,192.0.2.0,192.0.2.255\ny,198.51.100.0,198.51.100.3\n"), {});
});
