import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { addressNumber, addressText, readIpAddress } from "../../lib/indicators/ip_address.ts";

for (
  const [text, subType, data] of [
    ["192.0.2.1", "ipv4", "192.0.2.1"],
    ["192.0.2.1/32", "ipv4", "192.0.2.1"],
    ["192.0.2.0/24", "ipv4_net", "192.0.2.0/24"],
    ["192.0.2.7/24", "ipv4_net", "192.0.2.0/24"],
    ["192.0.2.7/024", "ipv4_net", "192.0.2.0/24"],
    ["192.0.2.7/032", "ipv4", "192.0.2.7"],
    ["192.0.2.7/31", "ipv4_net", "192.0.2.6/31"],
    ["255.255.255.255/1", "ipv4_net", "128.0.0.0/1"],
    ["0.0.0.0/0", "ipv4_net", "0.0.0.0/0"],
    ["192.0.2.7/0", "ipv4_net", "0.0.0.0/0"],
    ["192.0.2.7/255.255.255.0", "ipv4_net", "192.0.2.0/24"],
    ["192.0.2.7/255.255.255.255", "ipv4", "192.0.2.7"],
    ["192.0.2.7/0.0.0.255", "ipv4_net", "192.0.2.0/24"],
    ["2001:db8::1", "ipv6", "2001:db8::1"],
    ["2001:0DB8:0:0:0::1", "ipv6", "2001:db8::1"],
    ["2001:db8::1/128", "ipv6", "2001:db8::1"],
    ["2001:DB8::/32", "ipv6_net", "2001:db8::/32"],
    ["2001:db8:ffff::1/33", "ipv6_net", "2001:db8:8000::/33"],
    ["2001:db8::1/0", "ipv6_net", "::/0"],
    ["2001:db8::ff/127", "ipv6_net", "2001:db8::fe/127"],
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

Deno.test("addressText undoes addressNumber for any address", () => {
  const v4 = fc.bigInt(0n, 2n ** 32n - 1n).map((value) => ({ version: 4 as const, value }));
  const v6 = fc.bigInt(0n, 2n ** 128n - 1n).map((value) => ({ version: 6 as const, value }));
  fc.assert(fc.property(fc.oneof(v4, v6), (address) => {
    deepEqual(addressNumber(addressText(address)), address);
  }));
});

Deno.test("readIpAddress gives all addresses of a network the same spelling", () => {
  const bytes = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
  fc.assert(fc.property(bytes, fc.nat(32), fc.nat(0xffffffff), (bytes, length, noise) => {
    const address = bytes.join(".");
    const mask = length === 0 ? 0n : (2n ** BigInt(length) - 1n) << BigInt(32 - length);
    const value = addressNumber(address).value & mask | BigInt(noise) & ~mask & 0xffffffffn;
    const other = addressText({ version: 4, value });
    const network = readIpAddress(`${address}/${length}`);
    if (length < 32) deepEqual(readIpAddress(`${other}/${length}`), network);
    deepEqual(readIpAddress(network!.data), network);
  }));
});
