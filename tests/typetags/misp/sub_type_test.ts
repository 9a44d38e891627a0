import { equal, ok } from "../../assert.ts";
import fc from "fast-check";
import { isSubType } from "../../../lib/tahoe/sub_type.ts";
import { subTypeFor } from "../../../lib/typetags/misp/sub_type.ts";

for (
  const [name, expected] of [
    ["domain-ip", "domain_ip"],
    ["AS", "as"],
    ["7zip", "_7zip"],
    ["", "_"],
    ["条-イ", "条_イ"],
    ["cybexp-user", "misp_cybexp_user"],
    ["query", "misp_query"],
    ["a".repeat(101), "a".repeat(100)],
  ] as const
) {
  Deno.test(`subTypeFor makes ${expected.slice(0, 20)} of ${JSON.stringify(name.slice(0, 20))}`, () => {
    equal(subTypeFor(name), expected);
  });
}

Deno.test("subTypeFor makes a sub-type of every string", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
    ok(isSubType(subTypeFor(name)));
  }));
});
