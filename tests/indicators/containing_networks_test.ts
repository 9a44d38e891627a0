import fc from "fast-check";
import { containingNetworks } from "../../lib/indicators/containing_networks.ts";
import { addressNumber, addressText, readIpAddress } from "../../lib/indicators/ip_address.ts";
import { deepEqual, equal } from "../assert.ts";

Deno.test("containingNetworks names each network around an address, the smallest first", () => {
  const networks = containingNetworks({ subType: "ipv4", data: "192.0.2.77" });
  equal(networks.length, 31);
  deepEqual([networks[0]!.data, networks[7]!.data, networks.at(-1)!.data], [
    "192.0.2.76/31",
    "192.0.2.0/24",
    "128.0.0.0/1",
  ]);
  const wider = containingNetworks({ subType: "ipv6_net", data: "2001:db8::/32" });
  deepEqual([wider.length, wider[0]], [31, { subType: "ipv6_net", data: "2001:db8::/31" }]);
  for (const subType of ["domain", "ip", "md5"]) {
    deepEqual(containingNetworks({ subType, data: "192.0.2.77" }), []);
  }
  deepEqual(containingNetworks({ subType: "ipv4_net", data: "0.0.0.0/0" }), []);
  deepEqual(containingNetworks({ subType: "ipv4", data: "hello" }), []);
});

Deno.test("containingNetworks of any address contain it, in their normal form", () => {
  const version = fc.constantFrom(4 as const, 6 as const);
  fc.assert(fc.property(version, fc.bigInt(0n, 2n ** 128n - 1n), (version, any) => {
    const value = version === 4 ? any & 0xffff_ffffn : any;
    const { subType, data } = readIpAddress(addressText({ version, value }))!;
    for (const network of containingNetworks({ subType, data })) {
      const [first, prefix] = String(network.data).split("/");
      const bits = subType === "ipv4" ? 32n : 128n;
      const shift = bits - BigInt(prefix!);
      equal(addressNumber(first!).value >> shift, addressNumber(data).value >> shift);
      deepEqual(readIpAddress(String(network.data)), network);
    }
  }));
});
