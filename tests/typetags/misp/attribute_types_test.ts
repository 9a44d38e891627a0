import { deepEqual, equal } from "../../assert.ts";
import { convertValue } from "../../../lib/typetags/misp/attribute_types.ts";

for (
  const [type, value, object, ...parts] of [
    ["ip-src", "192.0.2.1", "src", ["ipv4", "192.0.2.1"]],
    ["ip-dst", "2001:DB8::1", "dst", ["ipv6", "2001:db8::1"]],
    ["ip-dst", "192.0.2.0/24", "dst", ["ipv4_net", "192.0.2.0/24"]],
    ["ip-dst|port", "192.0.2.1|443", "dst", ["ipv4", "192.0.2.1"], ["port", 443n]],
    ["domain|ip", "example.com|192.0.2.1", "domain_ip", ["domain", "example.com"], [
      "ipv4",
      "192.0.2.1",
    ]],
    ["hostname|port", "www.example.com|8443", "hostname_port", ["domain", "www.example.com"], [
      "port",
      8443n,
    ]],
    ["domain", "Example.com", undefined, ["domain", "example.com"]],
    ["domain", "192.0.2[.]1", undefined, ["ipv4", "192.0.2.1"]],
    ["hostname|port", "2001:db8::1|80", "hostname_port", ["ipv6", "2001:db8::1"], ["port", 80n]],
    ["url", "http://Example.com/A", undefined, ["url", "http://Example.com/A"]],
    ["link", "https://example.com/", undefined, ["url", "https://example.com/"]],
    ["email-src", "alice@example.com", "src", ["email_addr", "alice@example.com"]],
    ["email-dst", "bob@example.com", "dst", ["email_addr", "bob@example.com"]],
    ["target-email", "bob@example.com", undefined, ["email_addr", "bob@example.com"]],
    ["email-subject", "Hello", undefined, ["subject", "Hello"]],
    ["sha256", "AB12", undefined, ["sha256", "ab12"]],
    ["ssdeep", "3:AbC:d", undefined, ["ssdeep", "3:AbC:d"]],
    ["filename|md5", "a|b.exe|AB12", "file", ["filename", "a|b.exe"], ["md5", "ab12"]],
    ["filename|sha3-256", "a.exe|ab12", "file", ["filename", "a.exe"], ["sha3_256", "ab12"]],
    ["malware-sample", "a.exe|ab12", "file", ["filename", "a.exe"], ["md5", "ab12"]],
    ["regkey|value", "HKLM\\A|b|c", "registry_key", ["regkey", "HKLM\\A"], ["regkey_value", "b|c"]],
    ["AS", "AS64496", undefined, ["asn", 64496n]],
    ["regkey|value", "HKLM\\A", "registry_key", ["regkey", "HKLM\\A"]],
    ["AS", "64496", undefined, ["asn", 64496n]],
    ["port", "0", undefined, ["port", 0n]],
    ["vulnerability", "cve-2021-44228", undefined, ["cve", "CVE-2021-44228"]],
    ["vulnerability", "CVE-2021-44228 in x", undefined, ["vulnerability", "CVE-2021-44228 in x"]],
    ["vulnerability", "GHSA-1", undefined, ["vulnerability", "GHSA-1"]],
    ["mac-address", "00:53:AB:00:00:01", undefined, ["mac_addr", "00:53:ab:00:00:01"]],
    ["user-agent", "curl/8", undefined, ["user_agent", "curl/8"]],
    ["mutex", "Global\\x", undefined, ["mutex", "Global\\x"]],
    ["x509-fingerprint-sha1", "ab", undefined, ["x509_fingerprint_sha1", "ab"]],
    ["named pipe", "\\\\.\\pipe\\x", undefined, ["named_pipe", "\\\\.\\pipe\\x"]],
    ["sha512/224", "ab", undefined, ["sha512_224", "ab"]],
    ["9-lives", "x", undefined, ["_9_lives", "x"]],
    ["__proto__", "x", undefined, ["__proto__", "x"]],
    ["text", "x", undefined, ["text", "x"]],
  ] as const
) {
  Deno.test(`convertValue converts ${type} ${value}`, () => {
    deepEqual(convertValue(type, value), { parts, ...(object !== undefined && { object }) });
  });
}

Deno.test("convertValue names a value of a plain type after its relation", () => {
  deepEqual(convertValue("text", "DLL", "file-kind"), { parts: [["file_kind", "DLL"]] });
  deepEqual(convertValue("md5", "ab", "section-hash"), { parts: [["md5", "ab"]] });
});

for (
  const [type, value] of [
    ["ip-src", "example.com"],
    ["port", "65536"],
    ["port", "http"],
    ["AS", "ASX"],
    ["filename|md5", "a.exe"],
    ["filename|md5", "|ab"],
    ["filename|md5", "a.exe| "],
    ["ip-dst|port", "192.0.2.1|x"],
    ["a|b|c", "1|2|3"],
  ] as const
) {
  Deno.test(`convertValue finds that ${value} does not fit ${type}`, () =>
    equal(convertValue(type, value), undefined));
}
