import { deepEqual } from "../assert.ts";
import { containers } from "../../lib/indicators/containers.ts";

const ADDRESS = { subType: "ipv4", data: "192.0.2.77" };

for (
  const url of [
    "tcp://192.0.2.77:22",
    "ssh://root@192.0.2.77",
    "192.0.2.77/",
    "192.0.2.77:22/tcp",
    "http://192.0.2.77/a",
  ]
) {
  Deno.test(`containers of ${url} are its host and the networks around it`, () => {
    deepEqual(containers({ subType: "url", data: url }), [ADDRESS, ...containers(ADDRESS)]);
  });
}

const PARENTS: readonly (readonly [subType: string, data: string, parents: string])[] = [
  ["domain", "a.b.evil.example", "b.evil.example evil.example"],
  ["domain", "evil.example", ""],
  ["hostname", "www.example.co.uk", "example.co.uk"],
  ["domain", "example.co.uk", ""],
  ["domain", "co.uk", ""],
  ["domain", "single", ""],
  ["domain", "192.0.2.1", ""],
  ["domain", "", ""],
  ["domain", "..", ""],
  ["email_addr", "x@Mail.Evil.example", "mail.evil.example evil.example"],
  ["email_addr", "x@192.0.2.1", "192.0.2.1"],
  ["email_addr", "x", ""],
  ["url", "http://www.evil.example/a", "www.evil.example evil.example"],
];

for (const [subType, data, parents] of PARENTS) {
  Deno.test(`containers of the ${subType} "${data}" are the domains above it`, () => {
    const names = parents === "" ? [] : parents.split(" ");
    deepEqual(containers({ subType, data }), names.map((data) => ({ subType: "domain", data })));
  });
}

Deno.test("containers of a URL with a name are that name", () => {
  const name = { subType: "domain", data: "example.com" };
  deepEqual(containers({ subType: "url", data: "example.com:8080/a" }), [name]);
  deepEqual(containers({ subType: "filename", data: "example.com/a" }), []);
});
