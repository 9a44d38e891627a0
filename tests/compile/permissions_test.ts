import { deepEqual, equal } from "../assert.ts";
import { PERMISSIONS } from "../../compile/permissions.ts";

const GOLDEN = new URL("permissions.json", import.meta.url);

Deno.test("PERMISSIONS match the golden manifest, flag by flag", async () => {
  deepEqual(PERMISSIONS, JSON.parse(await Deno.readTextFile(GOLDEN)));
});

Deno.test("PERMISSIONS name every variable, and allow no prompt", () => {
  for (const flags of Object.values(PERMISSIONS)) {
    equal(flags.includes("--no-prompt"), true);
    const broad = ["-A", "--allow-all", "--allow-env", "--allow-sys", "--allow-run", "--allow-ffi"];
    deepEqual(flags.filter((flag) => broad.includes(flag)), []);
  }
});
