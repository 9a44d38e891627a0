import { equal, rejects } from "./assert.ts";
import { join } from "node:path";
import { exists } from "../lib/exists.ts";

Deno.test("exists finds files, folders and broken symbolic links", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const at = (name: string) => join(folder, name);
    await Deno.writeTextFile(at("file"), "");
    await Deno.symlink(at("nothing"), at("link"));
    for (const name of ["", "file", "link"]) equal(await exists(at(name)), true, name);
    equal(await exists(at("nothing")), false);
    await rejects(exists(at("file/below")), /directory/i);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
