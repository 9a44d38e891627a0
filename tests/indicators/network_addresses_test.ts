import { deepEqual, equal } from "../assert.ts";
import { networkAddresses } from "../../lib/indicators/network_addresses.ts";

Deno.test("networkAddresses names each address of a small network", () => {
  deepEqual(networkAddresses({ subType: "ipv4_net", data: "192.0.2.254/31" }), [
    { subType: "ipv4", data: "192.0.2.254" },
    { subType: "ipv4", data: "192.0.2.255" },
  ]);
  const all = networkAddresses({ subType: "ipv6_net", data: "2001:db8::/120" });
  equal(all.length, 256);
  deepEqual(all.at(-1), { subType: "ipv6", data: "2001:db8::ff" });
});

Deno.test("networkAddresses names none of larger networks and other attributes", () => {
  for (
    const [subType, data] of [
      ["ipv4_net", "192.0.2.0/23"],
      ["ipv6_net", "2001:db8::/119"],
      ["ipv4_net", "hello"],
      ["ipv4_net", "hello/31"],
      ["ipv4_net", "192.0.2.1/31"],
      ["ipv4", "192.0.2.1"],
      ["url", "192.0.2.0/31"],
    ] as const
  ) deepEqual(networkAddresses({ subType, data }), [], data);
});
