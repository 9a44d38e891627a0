import { equal } from "../assert.ts";
import fc from "fast-check";
import { refang } from "../../lib/indicators/refang.ts";

for (
  const [defanged, expected] of [
    ["hxxp://example.com/a", "http://example.com/a"],
    ["hXXps://example.com", "https://example.com"],
    ["hxtp://example.com", "http://example.com"],
    ["h**ps://example.com", "https://example.com"],
    ["fxp://example.com", "ftp://example.com"],
    ["http[:]//example.com", "http://example.com"],
    ["hxxps[://]example[.]com", "https://example.com"],
    ["http:[/][/]example.com", "http://example.com"],
    ["www[.]example[.]com", "www.example.com"],
    ["example(.)com", "example.com"],
    ["example{.}com", "example.com"],
    ["example[ . ]com", "example.com"],
    ["example [.] com", "example.com"],
    ["example[.com", "example.com"],
    ["example.]com", "example.com"],
    ["example[dot]com", "example.com"],
    ["example(DOT)com", "example.com"],
    ["example dot com", "example.com"],
    ["www dot example dot com", "www.example.com"],
    ["example\\.com", "example.com"],
    ["example\\\\.com", "example.com"],
    ["alice[@]example.com", "alice@example.com"],
    ["alice(at)example[.]com", "alice@example.com"],
    ["alice [at] example [dot] com", "alice@example.com"],
    ["2001[:]db8[:][:]1", "2001:db8::1"],
    ["2001[:]db8[::]1", "2001:db8::1"],
    ["2001[:]db8[::]/32", "2001:db8::/32"],
    ["192[.]0[.]2[.]1", "192.0.2.1"],
    ["http:__example.com/a_b", "http://example.com/a_b"],
    ["hxxps___www[.]example[.]com.", "https://www.example.com."],
  ] as const
) {
  Deno.test(`refang undoes ${defanged}`, () => equal(refang(defanged), expected));
}

for (
  const plain of [
    "https://example.com/a?b=c#d",
    "http://[2001:db8::1]:8080/",
    "alice@example.com",
    "nobody is at home",
    "dot com",
    "C:\\Windows\\setup.exe",
    "http://[::]:8080/",
    "[a.b]",
    "[[[",
    "http:__example.com_a_b",
  ]
) {
  Deno.test(`refang does not change ${plain}`, () => equal(refang(plain), plain));
}

const label = fc.stringMatching(/^[a-z0-9]{1,10}$/);
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const dot = fc.constantFrom(
  "[.]",
  "(.)",
  "{.}",
  "[dot]",
  "(dot)",
  "{DOT}",
  "[.",
  ".]",
  "\\.",
  " dot ",
);
const at = fc.constantFrom("[@]", "(@)", "{@}", "[at]", "(AT)", " [at] ");
const scheme = fc.constantFrom("hxxp://", "hXXp[:]//", "http[://]", "h**p:[/][/]");

Deno.test("refang undoes every way to defang a domain, a mail address and a URL", () => {
  fc.assert(fc.property(host, label, dot, at, scheme, (host, label, dot, at, scheme) => {
    const defanged = host.replaceAll(".", dot);
    equal(refang(defanged), host);
    equal(refang(label + at + defanged), `${label}@${host}`);
    equal(refang(scheme + defanged), `http://${host}`);
  }));
});
