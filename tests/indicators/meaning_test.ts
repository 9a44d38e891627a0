import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { meaning, NotUnderstood } from "../../lib/indicators/meaning.ts";
import type { Scalar } from "../../lib/tahoe/value.ts";

/** Attributes as `sub_type data`, other scalars than strings as JSON with a mark. */
function written(subType: string | undefined, value: Scalar): string[] {
  return meaning(subType, value).attributes.map(({ subType, data }) =>
    `${subType} ${typeof data === "string" ? data : `:${String(data)}`}`
  );
}

const A_LABELS = "xn--bcher-kva.example";
const MD5 = "D41D8CD98F00B204E9800998ECF8427E";

const ANSWERING: [subType: string | undefined, asked: Scalar, ...attributes: string[]][] = [
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
  ["password", "123456", "password 123456", "password :123456"],
  ["success", "true", "success true", "success :true"],
  ["success", true, "success :true", "success true"],
  ["username", " root", "username  root"],
  ["filename", "readme.md", "filename readme.md"],
];

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
  ["asn", "hello", /such as 64500 or AS64500$/],
  ["port", "65536", /a number up to 65535$/],
  ["cve", "2024-3094", /such as CVE-2024-3094$/],
  [undefined, "999.1.1.1", /is not an IPv4 address/],
  [
    undefined,
    "hello",
    /^"hello" is of no clear kind: it may be hostname, username, filename or another/,
  ],
  [undefined, "readme.md", /may be filename, domain or/],
  [undefined, "443", /may be port, asn or/],
  [undefined, "two words", /may be subject, filename, body or/],
  [undefined, " ", /^"" is no value/],
  [undefined, "\u001b[2J".padEnd(100), /^"\\u001b\[2J" is of no clear kind/],
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
