import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { urlHost } from "../../lib/indicators/url_host.ts";

for (
  const [url, subType, data] of [
    ["http://example.com/a", "domain", "example.com"],
    ["HTTPS://user:pw@Example.COM.:8443/a?b#c", "domain", "example.com"],
    ["ftp://198.51.100.7/x", "ipv4", "198.51.100.7"],
    ["http://[2001:DB8:0::1]:80/", "ipv6", "2001:db8::1"],
    ["http://0xc0.0.2.1/", "ipv4", "192.0.2.1"],
    ["example.com/gate.php", "domain", "example.com"],
    ["example.com:8080/", "domain", "example.com"],
    ["192.0.2.1:81/x", "ipv4", "192.0.2.1"],
    ["smb://192.0.2.15/share/x.exe", "ipv4", "192.0.2.15"],
    ["mongodb://u:p@db.example.com:27017", "domain", "db.example.com"],
    ["http://c2.bazar/x", "domain", "c2.bazar"],
  ] as const
) {
  Deno.test(`urlHost finds the host of ${url}`, () => deepEqual(urlHost(url), { subType, data }));
}

for (
  const url of ["", "http://", "http://intranet/a", "file:///etc/passwd", "mailto:a@example.com x"]
) {
  Deno.test(`urlHost finds no host in ${JSON.stringify(url)}`, () =>
    equal(urlHost(url), undefined));
}

Deno.test("urlHost takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void urlHost(text)));
});
