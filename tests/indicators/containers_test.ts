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

Deno.test("containers of a URL with a name are that name", () => {
  const name = { subType: "domain", data: "example.com" };
  deepEqual(containers({ subType: "url", data: "example.com:8080/a" }), [name]);
  deepEqual(containers({ subType: "filename", data: "example.com/a" }), []);
});
