import { equal } from "../assert.ts";
import { isUnspecificNetwork } from "../../lib/indicators/reserved.ts";

for (
  const text of [
    "10.0.0.0/8",
    "192.168.0.0/16",
    "192.0.0.0/8",
    "240.0.0.0/4",
    "fe80::/10",
    "0.0.0.0/0",
    "128.0.0.0/2",
    "2000::/3",
  ]
) Deno.test(`isUnspecificNetwork knows ${text}`, () => equal(isUnspecificNetwork(text), true));

for (
  const text of [
    "10.0.0.1",
    "192.168.1.0/24",
    "169.254.169.254",
    "192.0.2.1",
    "198.51.100.0/24",
    "2001:db8::/32",
  ]
) {
  Deno.test(`isUnspecificNetwork leaves ${text} alone`, () =>
    equal(isUnspecificNetwork(text), false));
}
