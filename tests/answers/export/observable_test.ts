import { deepEqual, equal, match, notEqual } from "../../assert.ts";
import { observable } from "../../../lib/answers/export/observable.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import type { Scalar } from "../../../lib/tahoe/value.ts";

/** Ids that the Python library of OASIS (stix2 3.0) computes. */
const IDS: readonly [subType: string, data: Scalar, id: string][] = [
  ["ipv4", "198.51.100.3", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"],
  ["ipv4", "2001:db8::1", "ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26"],
  ["ipv6", "2001:db8::1", "ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26"],
  ["ipv4_net", "198.51.100.0/24", "ipv4-addr--1ea47840-aa39-5aa8-b4a2-cd203eb6662a"],
  ["domain", "bücher.example", "domain-name--dbf3aff2-b3cd-57d2-9616-0ddfde9d01ad"],
  ["hostname", "bücher.example", "domain-name--dbf3aff2-b3cd-57d2-9616-0ddfde9d01ad"],
  ["url", "https://example.com/a?b=c&d", "url--5eb050fe-77d8-5b22-ac63-b0194b54fe87"],
  ["email_addr", "john@example.com", "email-addr--7165e2a9-671f-585d-b1e1-ca59c671d934"],
  ["mac_addr", "d2:fb:49:24:37:18", "mac-addr--757b1725-9903-54f5-a855-1240691d7659"],
  ["asn", 64500n, "autonomous-system--0a5f7072-df00-5729-9f0a-4eb18631a446"],
  ["asn", "AS64500", "autonomous-system--0a5f7072-df00-5729-9f0a-4eb18631a446"],
  ["filename", 'a "b"\n\u0001€.exe', "file--4d3a8f0e-5ec8-5c44-a7f1-df1be2adf13e"],
  ["md5", "ab".repeat(16), "file--c9562292-84be-581b-af80-3ebe51d2d1c4"],
  ["sha1", "ab".repeat(20), "file--8e325068-80a6-5f21-9c06-0e0569fe6712"],
  ["sha256", "ab".repeat(32), "file--20432b06-75d2-54b6-80ef-6d923b5d925d"],
  ["username", "root", "user-account--3d209579-8f71-5179-b6a3-49509efb52cc"],
  ["subject", "Your parcel", "email-message--05b3ee3f-207d-5740-876e-086b8920280c"],
  ["body", "line 1\r\nline 2", "email-message--fd6916dd-b24b-5821-9d5c-b0310d928de6"],
];

for (const [subType, data, id] of IDS) {
  Deno.test(`observable gives ${subType} ${JSON.stringify(String(data))} the same id as other producers`, () => {
    equal(observable(attribute(subType, data)).id, id);
  });
}

/** Data that does not fit the types of STIX. */
const MISFITS: readonly [subType: string, data: Scalar][] = [
  ["ipv4", "203.0.113.256"],
  ["ipv4", "=cmd|' /C calc'!A0"],
  ["ipv4", 5n],
  ["ipv4_net", "198.51.100.0/33"],
  ["ipv4_net", "198.51.100.0/24/1"],
  ["ipv6_net", "2001:db8::/129"],
  ["domain", "203.0.113.7"],
  ["domain", "a_b.example"],
  ["domain", "-a.example"],
  ["domain", "a..example"],
  ["domain", `${"a".repeat(64)}.example`],
  ["domain", `${"a.".repeat(124)}example`],
  ["domain", "\u202eexample.com"],
  ["domain", "x".repeat(1_000_000)],
  ["url", "198.51.100.1"],
  ["url", "http://example.com/a b"],
  ["url", "http://example.com/</script>"],
  ["url", "http://example.com/%zz"],
  ["url", "http://example.com/a[1]"],
  ["url", "http://example.com/#a#b"],
  ["url", `http://example.com/${"\ud800"}`],
  ["email_addr", "nobody"],
  ["email_addr", "A <a@example.com>"],
  ["mac_addr", "D2:FB:49:24:37:18"],
  ["asn", 2n ** 32n],
  ["asn", -1n],
  ["asn", 64500],
  ["asn", null],
  ["filename", ""],
  ["filename", true],
  ["md5", "ab"],
  ["sha256", "xy".repeat(32)],
];

for (const [subType, data] of MISFITS) {
  const described = `${subType} ${typeof data} ${JSON.stringify(String(data).slice(0, 40))}`;
  Deno.test(`observable converts ${described} to our own type`, () => {
    const { type, id, sub_type } = observable(attribute(subType, data));
    equal(type, "x-cybexp-attribute");
    match(id, /^x-cybexp-attribute--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    equal(sub_type, subType);
  });
}

Deno.test("observable gives different ids to values that differ only in type", () => {
  const same: readonly Scalar[] = ["1", 1n, 1, true, "true", null, "null", "1.0"];
  const ids = new Set(same.map((data) => observable(attribute("password", data)).id));
  equal(ids.size, same.length);
  notEqual(observable(attribute("password", "1")).id, observable(attribute("port", "1")).id);
});

Deno.test("observable writes the value of our own type as text, with its type", () => {
  const { sub_type, data, data_type } = observable(attribute("port", 443n));
  deepEqual({ sub_type, data, data_type }, { sub_type: "port", data: "443", data_type: "integer" });
});
