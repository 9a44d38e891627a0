import { equal, rejects } from "../assert.ts";
import { join } from "node:path";
import { ReplacedFile } from "../../lib/cli/replaced_file.ts";

/** Registers a test that works in a temporary folder. */
function test(behaviour: string, body: (folder: string) => Promise<void>): void {
  Deno.test(`ReplacedFile ${behaviour}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("keeps the old text for open readers, and leaves no other file", async (folder) => {
  const path = join(folder, "a b%?#.prom");
  using file = new ReplacedFile(path, 0o640);
  await file.replace("old\n");
  equal((await Deno.stat(path)).mode! & 0o777, 0o640);
  using reader = await Deno.open(path);
  await file.replace("new\n");
  equal(await new Response(reader.readable).text(), "old\n");
  equal(await Deno.readTextFile(path), "new\n");
  equal(Array.from(Deno.readDirSync(folder), ({ name }) => name).join(), "a b%?#.prom");
});

test("says why it cannot write, and writes once it is possible", async (folder) => {
  const path = join(folder, "later", "a.prom");
  using file = new ReplacedFile(path, 0o644);
  await rejects(file.replace("too early"), /No such file or directory/);
  await Deno.mkdir(join(folder, "later"));
  await file.replace("in time");
  equal(await Deno.readTextFile(path), "in time");
});
