import type { AttributeName } from "../tahoe/attribute.ts";
import { addressNumber, addressText, readIpAddress } from "./ip_address.ts";

/** Networks with more addresses are not taken apart. */
const MAX_ADDRESSES = 256n;

/** All addresses of a small network in its normal form, in order; none of others. */
export function networkAddresses({ subType, data }: AttributeName): readonly AttributeName[] {
  const [, version] = /^ipv([46])_net$/.exec(subType) ?? [];
  if (version === undefined || readIpAddress(String(data))?.data !== data) return [];
  const [first, prefix] = data.split("/") as [string, string];
  const size = 1n << BigInt((version === "4" ? 32 : 128) - Number(prefix));
  if (size > MAX_ADDRESSES) return [];
  const start = addressNumber(first);
  return Array.from({ length: Number(size) }, (_, index) => ({
    subType: `ipv${version}`,
    data: addressText({ ...start, value: start.value + BigInt(index) }),
  }));
}
