import { deepEqual, equal } from "node:assert/strict";
import { readIpAddress } from "../../lib/typetags/ip_address.ts";

for (
  const [text, subType, data] of [
    ["192.0.2.1", "ipv4", "192.0.2.1"],
    ["192.0.2.1/32", "ipv4", "192.0.2.1"],
    ["192.0.2.0/24", "ipv4_net", "192.0.2.0/24"],
    ["0.0.0.0/0", "ipv4_net", "0.0.0.0/0"],
    ["2001:db8::1", "ipv6", "2001:db8::1"],
    ["2001:0DB8:0:0:0::1", "ipv6", "2001:db8::1"],
    ["2001:db8::1/128", "ipv6", "2001:db8::1"],
    ["2001:DB8::/32", "ipv6_net", "2001:db8::/32"],
    ["2001:db8:1:2::", "ipv6", "2001:db8:1:2::"],
  ] as const
) {
  Deno.test(`readIpAddress reads ${text}`, () => {
    deepEqual(readIpAddress(text), { subType, data });
  });
}

for (
  const text of [
    "",
    "192.0.2",
    "192.0.2.256",
    "192.0.02.1",
    "192.0.2.1 ",
    "192.0.2.1/33",
    "192.0.2.1/",
    "192.0.2.1/-1",
    "2001:db8::1/129",
    "2001:db8::1%eth0",
    "2001:db8::1::",
    "[2001:db8::1]",
    "example.com",
    "١٩٢.0.2.1",
  ]
) {
  Deno.test(`readIpAddress refuses ${JSON.stringify(text)}`, () =>
    equal(readIpAddress(text), undefined));
}
