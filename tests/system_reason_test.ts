import { equal } from "./assert.ts";
import { errorMessage } from "../lib/errors.ts";
import { systemPath, systemReason } from "../lib/system_reason.ts";

const CASES: readonly (readonly [message: string, reason: string | undefined])[] = [
  ["No such file or directory (os error 2): readfile '/x'", "there is no such file or folder"],
  ["No space left on device (os error 28)", "the disk is full"],
  ["Something new (os error 4000): stat 'a'", "Something new"],
  ["it is damaged", undefined],
];

for (const [message, reason] of CASES) {
  Deno.test(`systemReason reads ${JSON.stringify(message)}`, () => {
    equal(systemReason(new Error(message)), reason);
    equal(errorMessage(new Error(message)), reason ?? message);
  });
}

Deno.test("systemReason knows what Deno throws, however it says it", async () => {
  const missing = await Deno.open("/none/a").then(() => undefined, (error) => error);
  equal(systemReason(missing), "there is no such file or folder");
  equal(systemPath(missing), "/none/a");
  equal(systemReason(new Deno.errors.NotFound("No path was found")), systemReason(missing));
  equal(systemPath(new Error("it is 'quoted'")), undefined);
});
