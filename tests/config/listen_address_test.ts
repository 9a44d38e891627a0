import { deepEqual, equal } from "../assert.ts";
import * as v from "valibot";
import { isLoopback, listenSchema, parseListenAddress } from "../../lib/config/listen_address.ts";

Deno.test("listenSchema takes IP addresses with a port", () => {
  for (
    const [text, hostname, port] of [
      ["127.0.0.1:8480", "127.0.0.1", 8480],
      ["0.0.0.0:443", "0.0.0.0", 443],
      ["[::1]:1", "::1", 1],
      ["[2001:db8::1]:65535", "2001:db8::1", 65535],
    ] as const
  ) {
    equal(v.is(listenSchema, text), true, text);
    deepEqual(parseListenAddress(text), { hostname, port });
  }
});

Deno.test("listenSchema refuses names, and what is not an address", () => {
  for (
    const text of [
      "8480",
      ":8480",
      "localhost:8480",
      "127.0.0.1",
      "127.0.0.1:0",
      "127.0.0.1:65536",
      "256.0.0.1:1",
      "::1:8480",
      "[::g]:1",
      "",
    ]
  ) equal(v.is(listenSchema, text), false, text);
});

Deno.test("isLoopback tells what only this machine reaches", () => {
  const of = (hostname: string) => isLoopback({ hostname, port: 1 });
  deepEqual(["127.0.0.1", "127.9.9.9", "::1"].map(of), [true, true, true]);
  deepEqual(["0.0.0.0", "::", "192.0.2.1", "127.0.0.1.1"].map(of), [false, false, false, false]);
});
