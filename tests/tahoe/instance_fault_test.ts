import { equal } from "../assert.ts";
import { Fault } from "../../lib/tahoe/fault.ts";
import { damagedInstance } from "../../lib/tahoe/instance_fault.ts";

for (
  const [hash, name] of [
    ["a1".repeat(32), "a1".repeat(32)],
    ["", '""'],
    [7n, "7"],
    [undefined, "null"],
  ] as const
) {
  Deno.test(`damagedInstance names an instance whose hash is ${Deno.inspect(hash)}`, () => {
    const { message } = damagedInstance(hash, new Fault("itype is a number, not a string"));
    equal(message, `Instance ${name} cannot be read: itype is a number, not a string`);
  });
}
