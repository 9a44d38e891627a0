import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { isSubType } from "../../../lib/tahoe/sub_type.ts";
import { identifier } from "../../../lib/typetags/misp/identifier.ts";

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
  Deno.test(`identifier makes ${expected.slice(0, 20)} of ${JSON.stringify(name.slice(0, 20))}`, () => {
    equal(identifier(name), expected);
  });
}

Deno.test("identifier makes a sub-type of every text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
    ok(isSubType(identifier(name)));
  }));
});
