import { deepEqual, equal, ok } from "../assert.ts";
import fc from "fast-check";
import { addressNumber, addressText } from "../../lib/indicators/ip_address.ts";
import { rangeNetworks, replaceRanges } from "../../lib/indicators/range.ts";

for (
  const [first, last, networks] of [
    ["192.0.2.0", "192.0.2.255", ["192.0.2.0/24"]],
    ["192.0.2.7", "192.0.2.7", ["192.0.2.7"]],
    ["192.0.2.1", "192.0.2.4", ["192.0.2.1", "192.0.2.2/31", "192.0.2.4"]],
    ["0.0.0.0", "255.255.255.255", ["0.0.0.0/0"]],
    ["2001:db8::", "2001:db8::ffff", ["2001:db8::/112"]],
    ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]],
  ] as const
) {
  Deno.test(`rangeNetworks covers ${first} to ${last}`, () => {
    deepEqual(rangeNetworks(first, last), networks);
  });
}

for (
  const [first, last] of [
    ["192.0.2.2", "192.0.2.1"],
    ["192.0.2.1", "2001:db8::1"],
    ["192.0.2.1", ""],
    ["2026-01-01", "2026-01-02"],
  ] as const
) {
  Deno.test(`rangeNetworks refuses ${first} to ${last}`, () => {
    equal(rangeNetworks(first, last), undefined);
  });
}

Deno.test("rangeNetworks covers exactly the addresses of any range", () => {
  const address = fc.bigInt(0n, 2n ** 32n - 1n);
  fc.assert(fc.property(address, address, (a, b) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    const text = (value: bigint) => addressText({ version: 4, value });
    let next = first;
    const networks = rangeNetworks(text(first), text(last))!;
    for (const network of networks) {
      const [start = "", length = "32"] = network.split("/");
      equal(addressNumber(start).value, next);
      next += 1n << BigInt(32 - Number(length));
    }
    equal(next, last + 1n);
    ok(networks.length <= 62, String(networks.length));
  }));
});

Deno.test("replaceRanges replaces ranges that are written out", () => {
  equal(replaceRanges("192.0.2.0 to 192.0.2.255, x"), "192.0.2.0/24, x");
});

for (
  const text of [
    "192.0.2.1 to all",
    "2026-01-02 192.0.2.1",
    "192.0.2.1 - a comment",
    "192-0-2-1.example.com",
    "http://example.com/192.0.2.1-5/x",
    "1.2.3.4.5-6.7.8.9",
    "v192.0.2.1-192.0.2.3",
  ]
) {
  Deno.test(`replaceRanges does not change ${text}`, () => equal(replaceRanges(text), text));
}
