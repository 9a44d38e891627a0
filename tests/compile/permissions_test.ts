import { deepEqual, equal } from "node:assert/strict";
import { PERMISSIONS } from "../../compile/permissions.ts";

const GOLDEN = new URL("permissions.json", import.meta.url);

Deno.test("permissions are those of the manifest, flag for flag", async () => {
  deepEqual(PERMISSIONS, JSON.parse(await Deno.readTextFile(GOLDEN)));
});

Deno.test("permissions name every variable, and leave nothing to a prompt", () => {
  for (const flags of Object.values(PERMISSIONS)) {
    equal(flags.includes("--no-prompt"), true);
    const broad = ["-A", "--allow-all", "--allow-env", "--allow-sys", "--allow-run", "--allow-ffi"];
    deepEqual(flags.filter((flag) => broad.includes(flag)), []);
  }
});
