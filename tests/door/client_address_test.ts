import { equal } from "../assert.ts";
import { forwardedAddress } from "../../lib/door/client_address.ts";

function address(forwarded?: string): string {
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded });
  return forwardedAddress(headers, "127.0.0.1");
}

Deno.test("forwardedAddress believes only what the proxy itself has added", () => {
  equal(address("192.0.2.1"), "192.0.2.1");
  equal(address("198.51.100.1, 192.0.2.1"), "192.0.2.1");
  equal(address("2001:db8::1"), "2001:db8::1");
});

Deno.test("forwardedAddress is the proxy's without a sound header", () => {
  for (const forwarded of [undefined, "", "unknown", "192.0.2.1,", "x".repeat(1000)]) {
    equal(address(forwarded), "127.0.0.1");
  }
});
