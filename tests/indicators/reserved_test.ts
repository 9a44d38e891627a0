import { equal } from "../assert.ts";
import { isReserved } from "../../lib/indicators/reserved.ts";

for (
  const text of [
    "10.0.0.1",
    "172.31.255.255",
    "192.168.0.0/16",
    "169.254.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "0.0.0.0/0",
    "128.0.0.0/2",
    "::1",
    "fe80::1",
    "fd00::/8",
    "2000::/3",
  ]
) Deno.test(`isReserved knows ${text}`, () => equal(isReserved(text), true));

for (
  const text of ["192.0.2.1", "172.32.0.0", "198.51.100.0/24", "2001:db8::/32", "::ffff:0:0/96"]
) {
  Deno.test(`isReserved leaves ${text} alone`, () => equal(isReserved(text), false));
}
