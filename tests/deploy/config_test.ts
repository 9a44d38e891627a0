import { deepEqual, equal } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../lib/config.ts";
import { inFolder, runProgram } from "../cli/in_folder.ts";

const EXAMPLE = fileURLToPath(new URL("../../deploy/config.json", import.meta.url));

for (const program of ["archive", "report"] as const) {
  Deno.test(`deploy/config.json causes no warnings in ${program} config show`, async () => {
    await inFolder(program, async (_run, folder) => {
      const args = ["--config", EXAMPLE, "config", "show"];
      const { code, err } = await runProgram(program, args, { folder });
      deepEqual({ code, err }, { code: 0, err: "" });
    });
  });
}

Deno.test("deploy/config.json puts all stores into the services' state directory", async () => {
  const config = await loadConfig({ file: EXAMPLE, flags: {}, env: () => undefined, folder: "/" });
  for (const { url } of [config.cache, config.archive, config.identity, config.report]) {
    equal(url, "sqlite:/var/lib/cybexp/cybexp.db");
  }
  deepEqual(config.notices, []);
});
