import { deepEqual, equal } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { NOT_IN_PROGRAMS, programConfig } from "../../compile/program_config.ts";

const ROOT = new URL("../../", import.meta.url);

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, ROOT));
}

Deno.test("programConfig names every package that programs import, and no other", async () => {
  const files = await glob(["lib/**/*.ts", "*.ts"], { cwd: fileURLToPath(ROOT) });
  const texts = await Promise.all(files.map(read));
  const imported = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^.":][^":]*)"/g)].map(([, name]) =>
        name!
      )
    ),
  );
  const { imports } = programConfig(JSON.parse(await read("deno.json")));
  const unused = Object.keys(imports).filter((name) =>
    ![...imported].some((each) => name.endsWith("/") ? each.startsWith(name) : each === name)
  );
  deepEqual(unused, []);
  deepEqual([...NOT_IN_PROGRAMS].filter((name) => imported.has(name)), []);
});

Deno.test("programConfig leaves out packages that the project has", async () => {
  const { imports } = JSON.parse(await read("deno.json"));
  equal([...NOT_IN_PROGRAMS].every((name) => Object.hasOwn(imports, name)), true);
});
