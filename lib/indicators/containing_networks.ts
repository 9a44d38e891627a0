import type { AttributeName } from "../tahoe/attribute.ts";
import { readIpAddress } from "./ip_address.ts";

/**
 * Every network that contains an address or network in its normal form, the smallest first: at most
 * 31 of IPv4 and 127 of IPv6. None for other attributes.
 */
export function containingNetworks({ subType, data }: AttributeName): readonly AttributeName[] {
  const [, version] = /^ipv([46])(?:_net)?$/.exec(subType) ?? [];
  if (version === undefined || readIpAddress(String(data)) === undefined) return [];
  const [address, prefix = version === "4" ? "32" : "128"] = String(data).split("/");
  return Array.from({ length: Number(prefix) - 1 }, (_, index) => {
    const network = readIpAddress(`${address}/${Number(prefix) - 1 - index}`)!;
    return { subType: network.subType, data: network.data };
  });
}
