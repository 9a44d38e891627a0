import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { recognise } from "../../lib/indicators/recognise.ts";

for (
  const [text, subType, data, port] of [
    ["198.51.100.7", "ipv4", "198.51.100.7"],
    ["198.51.100.0/24", "ipv4_net", "198.51.100.0/24"],
    ["198.51.100.7/24", "ipv4_net", "198.51.100.0/24"],
    ["198.51.100.7:8080", "ipv4", "198.51.100.7", 8080n],
    ["2001:DB8::7", "ipv6", "2001:db8::7"],
    ["[2001:db8::7]:443", "ipv6", "2001:db8::7", 443n],
    ["Example.COM", "domain", "example.com"],
    ["example.com.", "domain", "example.com"],
    ["*.example.com", "domain", "example.com"],
    [".example.com", "domain", "example.com"],
    ["example.com:65535", "domain", "example.com", 65535n],
    ["a_b.example.co.uk", "domain", "a_b.example.co.uk"],
    ["bücher.example", "domain", "xn--bcher-kva.example"],
    ["xn--bcher-kva.example", "domain", "xn--bcher-kva.example"],
    ["c2.example", "domain", "c2.example"],
    ["duskgytldkxiuqc6.onion", "domain", "duskgytldkxiuqc6.onion"],
    ["http://Example.com/A?b=c,d#e", "url", "http://Example.com/A?b=c,d#e"],
    ["ftp://198.51.100.7/x", "url", "ftp://198.51.100.7/x"],
    ["example.com/gate.php", "url", "example.com/gate.php"],
    ["198.51.100.7:81/x", "url", "198.51.100.7:81/x"],
    ["alice.b+c@Example.com", "email_addr", "alice.b+c@Example.com"],
    ["cve-2021-44228", "cve", "CVE-2021-44228"],
    ["0123456789ABCDEF".repeat(2), "md5", "0123456789abcdef".repeat(2)],
    ["a".repeat(40), "sha1", "a".repeat(40)],
    ["b".repeat(64), "sha256", "b".repeat(64)],
    ["c".repeat(128), "sha512", "c".repeat(128)],
  ] as const
) {
  Deno.test(`recognise takes ${text} as ${subType}`, () => {
    deepEqual(recognise(text), { subType, data, ...(port !== undefined && { port }) });
  });
}

for (
  const text of [
    "",
    ".",
    "com",
    "co.uk",
    "localhost",
    "setup.exe",
    "report.pdf",
    "readme.md",
    "install.sh",
    "v1.2.3",
    "1.2.3.4.5",
    "192.0.2.256",
    "192.0.2.1/33",
    "192.0.2.1:65536",
    "-example.com",
    "example-.com",
    "exa mple.com",
    "example..com",
    "http://",
    "http:///path",
    "javascript:alert(1)",
    "alice@localhost",
    "@example.com",
    "CVE-21-1",
    "g".repeat(32),
    "a".repeat(33),
    `${"a".repeat(64)}.com`,
    `${"a.".repeat(127)}com`,
  ]
) {
  Deno.test(`recognise ignores ${text.slice(0, 40)}`, () => {
    equal(recognise(text), undefined);
  });
}

Deno.test("recognise takes a possible file name as a domain if it is certain", () => {
  deepEqual(recognise("readme.md", true), { subType: "domain", data: "readme.md" });
  deepEqual(recognise("www.readme.md"), { subType: "domain", data: "www.readme.md" });
});

Deno.test("recognise recognises its own results, for any text", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl(),
    fc.ipV6(),
    fc.emailAddress(),
  );
  fc.assert(fc.property(hostile, (text) => {
    const found = recognise(text);
    if (found !== undefined) equal(recognise(found.data, true)?.data, found.data);
  }));
});
