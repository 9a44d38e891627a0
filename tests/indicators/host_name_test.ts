import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { readHostName } from "../../lib/indicators/host_name.ts";

for (
  const [text, subType, data] of [
    ["example.com", "domain", "example.com"],
    ["WWW.Example.COM.", "domain", "www.example.com"],
    ["_dmarc.example.com", "domain", "_dmarc.example.com"],
    ["bücher.example", "domain", "xn--bcher-kva.example"],
    ["BÜCHER.example.", "domain", "xn--bcher-kva.example"],
    ["bu\u0308cher.example", "domain", "xn--bcher-kva.example"],
    ["bücher。example。", "domain", "xn--bcher-kva.example"],
    ["bücher．example", "domain", "xn--bcher-kva.example"],
    ["bücher｡example", "domain", "xn--bcher-kva.example"],
    ["ｅｘａｍｐｌｅ．ｃｏｍ", "domain", "example.com"],
    ["exam\u00adple.com", "domain", "example.com"],
    ["XN--BCHER-KVA.example", "domain", "xn--bcher-kva.example"],
    ["faß.de", "domain", "xn--fa-hia.de"],
    ["пример.рф", "domain", "xn--e1afmkfd.xn--p1ai"],
    ["例え.テスト", "domain", "xn--r8jz45g.xn--zckzah"],
    ["r3---sn-a5m.example.com", "domain", "r3---sn-a5m.example.com"],
    ["WIN-7ABC", "hostname", "win-7abc"],
    ["localhost.", "hostname", "localhost"],
    ["setup.exe", "domain", "setup.exe"],
  ] as const
) {
  Deno.test(`readHostName reads ${JSON.stringify(text)}`, () => {
    deepEqual(readHostName(text), { subType, data });
  });
}

for (
  const text of [
    "",
    ".",
    "..",
    ".example.com",
    "example..com",
    "example.com..",
    "-example.com",
    "example-.com",
    "exa mple.com",
    "bü cher.example",
    "example.com:80",
    "example.com/",
    "*.example.com",
    "alice@example.com",
    "192.0.2.1",
    "１９２.0.2.1",
    "192.0.2.256",
    "2001:db8::1",
    `${"a".repeat(64)}.com`,
    `${"ü".repeat(70)}.com`,
    `${"a.".repeat(127)}com`,
    "\ud800.example",
  ]
) {
  Deno.test(`readHostName refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    equal(readHostName(text), undefined);
  });
}

Deno.test("readHostName reads its own results as they are, for any text", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.domain(),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(fc.property(texts, (text) => {
    const name = readHostName(text);
    if (name !== undefined) deepEqual(readHostName(name.data), name);
  }));
});
