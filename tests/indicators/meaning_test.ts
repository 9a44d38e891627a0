import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { meaning, NotUnderstood } from "../../lib/indicators/meaning.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Scalar } from "../../lib/tahoe/value.ts";

/** Attributes as `sub_type data`, other scalars than strings as JSON with a mark. */
function written(subType: string | undefined, value: Scalar): string[] {
  return meaning(subType, value).attributes.map(({ subType, data }) =>
    `${subType} ${typeof data === "string" ? data : `:${String(data)}`}`
  );
}

const A_LABELS = "xn--bcher-kva.example";
const MD5 = "D41D8CD98F00B204E9800998ECF8427E";

type Answering = [subType: string | undefined, asked: Scalar, ...attributes: string[]];

const ANSWERING: Answering[] = [
  ["domain", "B\u00fccher[.]Example.", `domain ${A_LABELS}`, `hostname ${A_LABELS}`],
  ["hostname", A_LABELS.toUpperCase(), `domain ${A_LABELS}`, "domain b\u00fccher.example"],
  ["domain", "WWW.Example.COM:443", "domain www.example.com", "hostname www.example.com"],
  ["domain", "*.example.com", "domain example.com"],
  [undefined, "example[.]com", "domain example.com", "hostname example.com"],
  ["hostname", "SRV-1", "hostname srv-1", "hostname SRV-1"],
  ["ip", "192.0.2[.]1", "ipv4 192.0.2.1", "ipv4 ::ffff:192.0.2.1", "ip 192.0.2.1"],
  ["ipv4", "192.0.2.1:8080", "ipv4 192.0.2.1"],
  ["ipv4", "192.0.2.1/32", "ipv4 192.0.2.1", "ipv4 192.0.2.1/32"],
  ["ipv4", ' "192.0.2.1", ', "ipv4 192.0.2.1"],
  ["ipv6", "::FFFF:192.0.2.1", "ipv4 192.0.2.1", "ipv4 ::ffff:192.0.2.1"],
  ["ipv6", "2001:DB8:0::1", "ipv6 2001:db8::1", "ipv4 2001:db8::1", "ipv6 2001:DB8:0::1"],
  ["ip", "[2001:db8::1]:443", "ipv6 2001:db8::1", "ipv4 2001:0db8:0000:0000:0000:0000:0000:0001"],
  ["ipv4", "fe80::1%eth0", "ipv6 fe80::1", "ipv4 fe80::1"],
  [undefined, "[fe80::1%25eth0]", "ipv6 fe80::1"],
  [undefined, "2001:db8::1/128", "ipv6 2001:db8::1"],
  [undefined, "192.0.2.1/4444", "ipv4 192.0.2.1", "ipv4 192.0.2.1/4444"],
  [undefined, "192.0.2.1/443", "ipv4 192.0.2.1"],
  [undefined, "192.0.2[.]1:443/tcp", "ipv4 192.0.2.1"],
  ["ip", "2001:db8::1/51234", "ipv6 2001:db8::1"],
  ["url", "192.0.2.1/4444", "url 192.0.2.1/4444", "url http://192.0.2.1/4444"],
  ["ipv4_net", "192.0.2.7/24", "ipv4_net 192.0.2.0/24"],
  [undefined, "2001:DB8::1/32", "ipv6_net 2001:db8::/32"],
  [undefined, MD5, `md5 ${MD5.toLowerCase()}`],
  ["imphash", MD5, `imphash ${MD5.toLowerCase()}`, `imphash ${MD5}`],
  ["ja3", MD5, `ja3 ${MD5.toLowerCase()}`, `ja3 ${MD5}`],
  [
    "url",
    "HXXPS://Example[.]com/A?B",
    "url https://example.com/A?B",
    "url HXXPS://Example[.]com/A?B",
  ],
  ["url", "http://U@EXAMPLE.com:80/A@B", "url http://U@example.com:80/A@B"],
  ["url", "192.0.2.1", "url 192.0.2.1"],
  [
    undefined,
    "hxxp://example[.]com/?a=1&amp;b=2&#38;c",
    "url http://example.com/?a=1&b=2&c",
    "url http://example.com/?a=1&amp;b=2&amp;c",
    "url http://example.com/?a=1&amp;b=2&#38;c",
  ],
  [
    "url",
    "http://example.com/?a=1&b=2",
    "url http://example.com/?a=1&b=2",
    "url http://example.com/?a=1&amp;b=2",
  ],
  [
    undefined,
    "http://example.com/a?b=1|C2",
    "url http://example.com/a?b=1|C2",
    "url http://example.com/a?b=1",
  ],
  [
    "email_addr",
    "User[at]Example[.]com",
    "email_addr User@example.com",
    "email_addr User@Example.com",
  ],
  [undefined, "mailto:User@example.com", "email_addr User@example.com"],
  ["asn", "AS64500", "asn :64500", "asn 64500"],
  ["asn", 64500n, "asn :64500", "asn 64500"],
  ["asn", '"64500"', "asn :64500", "asn 64500"],
  [undefined, "as64500", "asn :64500"],
  ["port", "0443", "port :443", "port 443"],
  ["cve", "cve-2024-3094", "cve CVE-2024-3094"],
  [
    "url",
    "http://User:pw@Example.com:80/a/?",
    "url http://User:pw@example.com:80/a/?",
    "url http://example.com/a/?",
  ],
  [
    "url",
    "http://b\u00fccher.example/",
    `url http://b\u00fccher.example/`,
    `url http://${A_LABELS}`,
  ],
  [
    undefined,
    "http://example.com/a#top",
    "url http://example.com/a#top",
    "url http://example.com/a",
    "url http://example.com:80/a",
    "url http://example.com/a/",
    "url example.com/a",
  ],
  [undefined, "example.com/a/", "url example.com/a/", "url https://example.com/a"],
  ["url", "HTTPS://EXAMPLE.COM:443", "url https://example.com:443", "url https://example.com/"],
  ["url", "http://[2001:DB8:0::1]/", "url http://[2001:db8:0::1]/", "url http://[2001:db8::1]/"],
  ["url", "http://example.com/a/../b", "url http://example.com/a/../b", "url http://example.com/b"],
  ["url", "example.com:8080/a", "url example.com:8080/a", "url http://example.com:8080/a"],
  [
    "email_addr",
    "Ann.LYST@example.com",
    "email_addr Ann.LYST@example.com",
    "email_addr ann.lyst@example.com",
    "email_addr Ann.Lyst@example.com",
    "email_addr ANN.LYST@EXAMPLE.COM",
    "email_addr ann.lyst@EXAMPLE.COM",
    "email_addr ann.lyst@Example.com",
    "email_addr ann.lyst@Example.Com",
  ],
  [
    undefined,
    "<Ann@Example-Bank.CO.uk>",
    "email_addr Ann@example-bank.co.uk",
    "email_addr Ann@Example-Bank.CO.uk",
    "email_addr ann@Example-Bank.Co.uk",
  ],
  [undefined, "ASN 64500", "asn :64500"],
  [undefined, "AS: 64500", "asn :64500"],
  [undefined, "AS1.10", "asn :65546", "asn 65546", "asn AS65546", "asn 1.10", "asn AS1.10"],
  [undefined, "as1.10.", "asn :65546"],
  [undefined, "ASN: 1.10", "asn :65546"],
  ["asn", "1.10", "asn :65546"],
  ["asn", "AS0.64500", "asn :64500", "asn 64500"],
  ["asn", "65546", "asn :65546", "asn AS1.10"],
  [undefined, "CVE 2021-44228", "cve CVE-2021-44228", "vulnerability CVE-2021-44228"],
  [undefined, "cve_2021_44228", "cve CVE-2021-44228"],
  ["cve", "CVE\u20112021\u201144228", "cve CVE-2021-44228"],
  [undefined, `MD5: ${MD5}`, `md5 ${MD5.toLowerCase()}`],
  ["md5", `md5=${MD5}`, `md5 ${MD5.toLowerCase()}`],
  [undefined, `imphash:${MD5}`, `imphash ${MD5.toLowerCase()}`],
  [undefined, `hash "${MD5}"`.replace(" ", ": "), `md5 ${MD5.toLowerCase()}`],
  [undefined, `MD5 ${MD5}`, `md5 ${MD5.toLowerCase()}`],
  [undefined, "\u200b192.0.2\u00ad.1", "ipv4 192.0.2.1"],
  [undefined, "IP address: 192.0.2[.]1", "ipv4 192.0.2.1"],
  [undefined, "url: hxxp://example.com/a", "url http://example.com/a"],
  [undefined, 'url="http://example.com/a"', "url http://example.com/a"],
  [undefined, "mac: 0000.5E00.5301", "mac_addr 00:00:5e:00:53:01"],
  [
    undefined,
    "00-00-5E-00-53-01",
    "mac_addr 00:00:5e:00:53:01",
    "mac_addr 00-00-5e-00-53-01",
    "mac_addr 0000.5e00.5301",
    "mac_addr 00:00:5E:00:53:01",
    "mac_addr 00005e005301",
  ],
  ["mac_addr", "00005E005301", "mac_addr 00:00:5e:00:53:01"],
  // A comma may be a part of the URL, or of the sentence.
  ...[",", ";", "!", "!!", "?!", ":", "'", "..."].map((marks): Answering => [
    undefined,
    `http://example.com/a${marks}`,
    "url http://example.com/a",
    `url http://example.com/a${marks}`,
    `url example.com/a${marks}`,
  ]),
  [undefined, "http://example.com/a?", "url http://example.com/a?", "url http://example.com/a"],
  [undefined, "mailto:Ann%40example.com", "email_addr Ann@example.com"],
  [undefined, `sha256-${"AB".repeat(32)}`, `sha256 ${"ab".repeat(32)}`],
  [undefined, "CVE: 2021-44228", "cve CVE-2021-44228"],
  ["password", "123456", "password 123456", "password :123456"],
  ["success", "true", "success true", "success :true"],
  ["success", true, "success :true", "success true"],
  [undefined, "hxxp:__example[.]com/a?b=c", "url http://example.com/a?b=c"],
  [undefined, "https___example.com/a", "url https://example.com/a"],
  [undefined, "example.com/a?b=c.", "url example.com/a?b=c"],
  ["username", " root", "username  root"],
  ["filename", "readme.md", "filename readme.md"],
  ...["http//", "http:", "http:/", "http:///", "http;//", "hxxp//", "HTTP//"].map((
    start,
  ): Answering => [
    undefined,
    `${start}example.com/x`,
    "url http://example.com/x",
    "url example.com/x",
  ]),
  [undefined, "https:example.com", "url https://example.com"],
  [undefined, "http//192.0.2[.]1:8080/x", "url http://192.0.2.1:8080/x"],
  [undefined, "ftp//user@example.com/x", "url ftp://user@example.com/x"],
  ["url", "https//intranet/x", "url https://intranet/x"],
  [undefined, "https:host/x", "url https://host/x"],
  [undefined, "http:/host", "url http://host"],
];

const LINKS = [
  "<http://example.com/a?b=1|example.com>",
  "<http://example.com/a?b=1|the page>.",
  "<hxxp://example[.]com/a?b=1|example[.]com>",
  "[the page|http://example.com/a?b=1]",
  "[http://example.com/a?b=1|the page]",
  "[http://example.com/a?b=1 the page]",
  "[[http://example.com/a?b=1][the page]]",
  "[[http://example.com/a?b=1]]",
  "[url=http://example.com/a?b=1]the page[/url]",
  "[url]http://example.com/a?b=1[/url]",
  "http://example.com/a?b=1[the page]",
  "<a class=x href='http://example.com/a?b=1'>the page</a>",
  "`the page <http://example.com/a?b=1>`_",
];

Deno.test("meaning reads the address of a link", () => {
  for (const link of LINKS) {
    deepEqual(meaning(undefined, link).normal, {
      subType: "url",
      data: "http://example.com/a?b=1",
    });
  }
  const mail = meaning(undefined, "<mailto:ann@example.com|Ann>").normal;
  deepEqual(mail, { subType: "email_addr", data: "ann@example.com" });
});

Deno.test("meaning leaves brackets in the query of a URL", () => {
  for (const url of ["http://example.com/?a[]=1&b[0]=2", "http://[2001:db8::1]:80/a"]) {
    equal(meaning(undefined, url).normal.data, url);
  }
});

Deno.test("meaning names every attribute that answers", () => {
  for (const [subType, asked, ...attributes] of ANSWERING) {
    const found = written(subType, asked);
    equal(found[0], attributes[0], `${subType} ${asked}`);
    for (const attribute of attributes) ok(found.includes(attribute), `${asked}: ${attribute}`);
    equal(new Set(found).size, found.length);
  }
});

const REFUSED: [subType: string | undefined, asked: Scalar, message: RegExp][] = [
  ["ipv4", "hello", /^"hello" cannot be an ipv4: give an address, such as 192\.0\.2\.1$/],
  ["ipv4", "999.1.1.1", /cannot be an ipv4: give an address/],
  ["ip", "192.0.2.01", /cannot be an ip/],
  ["ipv4", "192.0.2.0/24", /it is an ipv4_net; ask for it as ipv4_net$/],
  ["ipv4_net", "192.0.2.0", /it is an ipv4; ask for it as ipv4$/],
  ["ipv4_net", "2001:db8::/32", /it is an ipv6_net/],
  ["ipv6", "192.0.2.1", /it is an ipv4/],
  ["ipv4", "example.com", /it is a domain/],
  ["domain", "192.0.2.1", /it is an ipv4/],
  ["domain", "http://example.com/a", /it is a url/],
  ["hostname", "two words", /cannot be a hostname/],
  ["sha256", MD5, /it is an md5/],
  ["md5", "xyz", /give one of 32 hex digits/],
  ["url", "hello", /cannot be a url/],
  ["url", "two words", /cannot be a url/],
  ["email_addr", "user", /cannot be an email_addr/],
  ["asn", "4294967296", /cannot be an asn/],
  ["asn", "AS1.65536", /cannot be an asn/],
  [undefined, "AS65536.1", /does not show what kind it is/],
  [undefined, "AS1.10.5", /does not show what kind it is/],
  ["asn", "hello", /such as 64500 or AS64500$/],
  ["port", "65536", /a number up to 65535$/],
  ["cve", "2024-3094", /such as CVE-2024-3094$/],
  ["mac_addr", "00:00", /give 12 hex digits, such as 00:00:5e:00:53:01$/],
  ["ipv4", "192.0.2.1 192.0.2.2", /it holds 2 values: ask for one at a time, or for all with/],
  [undefined, "192.0.2.1, evil[.]example;192.0.2.3", /holds 3 values: ask for one at a time/],
  [undefined, "192.0.2.7–192.0.2.7", /is one address: ask for 192\.0\.2\.7$/],
  [undefined, "192.0.2.0-192.0.2.255", /is a range: ask for its network, 192\.0\.2\.0\/24$/],
  [undefined, "a, b", /several values are asked for one at a time; give the sub-type/],
  [undefined, "999.1.1.1", /is not an IPv4 address.*: 999 is more than 255$/],
  [undefined, "192.0.2", /it has 3 numbers instead of 4$/],
  [undefined, "192.0.2.0/33", /the number after the slash is from 0 to 32$/],
  [undefined, "203.000.113.066", /octal: leave out the zeros if it means 203\.0\.113\.66$/],
  ["ipv4", "203.000.113.066", /octal: leave out the zeros if it means 203\.0\.113\.66$/],
  [undefined, "2001:db8:::1", /is not an IPv6 address: three colons in a row/],
  [undefined, "2001::db8::1", /"::" may stand in it only once$/],
  [undefined, "2001:db8:1", /it has 3 groups instead of 8, and no "::" for zeros$/],
  [undefined, "2001:db8:1:2:3:4:5:6:7", /it has 9 groups instead of 8$/],
  ["ipv6", "2001:db8::12345", /12345 has more than four digits$/],
  [undefined, "2001:db8::xyz", /xyz is not a hexadecimal number$/],
  [undefined, "2001:db8::/129", /the number after the slash is from 0 to 128$/],
  [
    undefined,
    "hello",
    /^"hello" does not show what kind it is: it may be hostname, username, password, filename or another/,
  ],
  [undefined, "readme.md", /may be filename, domain or/],
  [undefined, "443", /may be port, asn, password or/],
  [undefined, "two words", /may be subject, filename, body, shell_command or/],
  [undefined, "192.0.2.1 (Russia)", /holds ipv4 192\.0\.2\.1: ask for that; for the whole text/],
  [undefined, "[ipv4-addr:value = '192.0.2.1']", /holds ipv4 192\.0\.2\.1: ask for that/],
  [undefined, "[url:value = 'http://a.example/?b=c']", /holds url http:\/\/a\.example\/\?b=c: ask/],
  [undefined, "callback=a.example/g?b=c&d=e", /holds url a\.example\/g\?b=c&d=e: ask for that;/],
  [undefined, "C2: a.example/g?b=c&d=e", /holds url a\.example\/g\?b=c&d=e: ask for that;/],
  [undefined, "C2:a.example/g?b=c&d=e", /holds url a\.example\/g\?b=c&d=e: ask for that;/],
  [undefined, "d=1&u.v=a.example/g?b=c", /holds url a\.example\/g\?b=c: ask for that;/],
  [undefined, "c2\u2192a.example", /does not show what kind it is/],
  [undefined, `${"ab".repeat(32)}.exe`, /holds sha256 (?:ab){32}: ask for that/],
  [undefined, `SHA256 (x86) = ${"ab".repeat(32)}`, /holds sha256 (?:ab){32}: ask for that/],
  [undefined, `${MD5}  x86`, new RegExp(`holds md5 ${MD5.toLowerCase()}: ask for that`)],
  [undefined, "AS64500 EXAMPLE-NET", /holds asn 64500: ask for that/],
  ["ipv4", "192.0.2.1 (Russia)", /cannot be an ipv4: it holds ipv4 192\.0\.2\.1; ask for that$/],
  ["ip", "192.0.2.1 port 22", /it holds ipv4 192\.0\.2\.1; ask for that$/],
  [undefined, " ", /^"" is empty: give a value$/],
  [undefined, "\u001b[2J".padEnd(100), /^"\\u001b\[2J" does not show what kind/],
];

Deno.test("meaning refuses what cannot be, and says what would be right", () => {
  for (const [subType, asked, message] of REFUSED) {
    throws(
      () => meaning(subType, asked),
      { name: "NotUnderstood", message },
      `${subType} ${asked}`,
    );
  }
});

Deno.test("meaning names the kinds that a value may be of", () => {
  const kindsOf = (text: string) => {
    try {
      return meaning(undefined, text).normal.subType;
    } catch (error) {
      return (error as NotUnderstood).kinds;
    }
  };
  deepEqual(kindsOf("root"), ["hostname", "username", "password", "filename"]);
  deepEqual(kindsOf("123456"), ["asn", "password"]);
  deepEqual(kindsOf("P@ss"), ["username", "email_addr", "password"]);
  deepEqual(kindsOf("192.0.2.999"), []);
});

Deno.test("meaning takes white space around a value for no other attribute", () => {
  for (const text of ["192.0.2.1 ", "\t192.0.2.1\n", " example.com"]) {
    const names = meaning(undefined, text).attributes
      .map(({ subType, data }) => attribute(subType, data)._hash);
    equal(new Set(names).size, names.length, text);
  }
});

Deno.test("meaning of a recognised value is the meaning under its sub-type, and of its normal form", () => {
  for (const [subType, asked] of ANSWERING) {
    const { normal } = meaning(subType, asked);
    deepEqual(meaning(normal.subType, normal.data).normal, normal, String(asked));
    if (subType === undefined) deepEqual(meaning(normal.subType, asked).normal, normal);
  }
});

Deno.test("meaning of an address is the same in all its spellings", () => {
  const normal = (text: string) => meaning("ip", text).normal;
  fc.assert(fc.property(fc.ipV6(), (text) => {
    deepEqual(normal(text.toUpperCase()), normal(text));
    deepEqual(normal(`[${text}]`), normal(text));
    deepEqual(meaning(undefined, text).normal, normal(text));
  }));
  fc.assert(fc.property(fc.ipV4(), (text) => {
    deepEqual(normal(text.replaceAll(".", "[.]")), { subType: "ipv4", data: text });
    deepEqual(normal(`::ffff:${text}`), { subType: "ipv4", data: text });
  }));
});

Deno.test("meaning ends in an answer or NotUnderstood, whatever it is asked", () => {
  const someType = fc.option(
    fc.constantFrom("domain", "ip", "url", "asn", "md5", "email_addr", "x"),
    {
      nil: undefined,
    },
  );
  fc.assert(fc.property(someType, fc.string({ unit: "binary" }), (subType, text) => {
    try {
      const { length } = meaning(subType, text).attributes;
      ok(length > 0, String(length));
    } catch (error) {
      ok(error instanceof NotUnderstood, String(error));
    }
  }));
});

Deno.test("meaning ends soon for long texts of nothing but marks", () => {
  const started = performance.now();
  for (const mark of ["!", ":", ">", ">.", "]", "a!", "'"]) {
    for (const start of ["", "http://", "http://a/"]) {
      try {
        meaning(undefined, `${start}${mark.repeat(40_000 / mark.length)}x`);
      } catch (error) {
        ok(error instanceof NotUnderstood, String(error));
      }
    }
  }
  // Work that grows with the square of the length takes minutes.
  const ms = performance.now() - started;
  ok(ms < 10_000, String(ms));
});

const SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

for (
  const [text, subType, normal] of [
    ["CVE-2024-3094.", "cve", "CVE-2024-3094"],
    ["CVE-2024-3094)", "cve", "CVE-2024-3094"],
    ["AS64501.", "asn", 64501n],
    ["sha1: da 39 a3 ee 5e 6b 4b 0d 32 55 bf ef 95 60 18 90 af d8 07 09", "sha1", SHA1],
    ["d41d8cd98f00b204e9800998ecf8427e.", "md5", "d41d8cd98f00b204e9800998ecf8427e"],
    ["198.51.100.9).", "ipv4", "198.51.100.9"],
    ["src_ip=198.51.100.23", "ipv4", "198.51.100.23"],
    ["Source IP: 198.51.100.9", "ipv4", "198.51.100.9"],
    ["ip4:198.51.100.9", "ipv4", "198.51.100.9"],
  ] as const
) {
  Deno.test(`meaning takes ${text} out of its sentence`, () => {
    deepEqual(meaning(undefined, text).normal, { subType, data: normal });
  });
}

Deno.test("meaning spells the host of a URL in Unicode and in A-labels", () => {
  const [unicode, ascii] = ["https://bücher.example/x", "https://xn--bcher-kva.example/x"];
  for (const asked of [unicode, ascii]) {
    const texts = meaning("url", asked).attributes.map(({ data }) => data);
    ok([unicode, ascii].every((each) => texts.includes(each!)), String(texts));
  }
});
