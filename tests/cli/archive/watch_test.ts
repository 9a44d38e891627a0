import { deepEqual, equal, rejects } from "../../assert.ts";
import { join } from "node:path";
import { settledFiles } from "../../../lib/cli/archive/watch.ts";

Deno.test("settledFiles yields existing files, then those that arrive, each once it is complete", async () => {
  await inFolder(async (folder) => {
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await write("b", "1");
    await write("a", "1");
    await write(".hidden", "1");
    await Deno.mkdir(join(folder, "folder"));
    const stop = new AbortController();
    const files = settledFiles(folder, stop.signal)[Symbol.asyncIterator]();
    const next = async () => (await files.next()).value;
    deepEqual([await next(), await next()], [join(folder, "a"), join(folder, "b")]);

    const arriving = next();
    const started = Date.now();
    for (let part = 0; part < 4; part++) {
      await Deno.writeTextFile(join(folder, "c"), "part\n", { append: true });
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    equal(await arriving, join(folder, "c"));
    equal(Date.now() - started >= 2200, true, "it was yielded while it was still being written");

    // Reading is not a change: only the file that is written is yielded.
    await Deno.readTextFile(join(folder, "a"));
    await write("b", "2");
    equal(await next(), join(folder, "b"));

    const last = files.next();
    stop.abort();
    equal((await last).done, true);
  });
});

Deno.test("settledFiles ignores a file that is removed before it is complete", async () => {
  await inFolder(async (folder) => {
    const stop = new AbortController();
    const files = settledFiles(folder, stop.signal)[Symbol.asyncIterator]();
    const first = files.next();
    await Deno.writeTextFile(join(folder, "gone"), "1");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Deno.remove(join(folder, "gone"));
    await Deno.writeTextFile(join(folder, "stays"), "1");
    equal((await first).value, join(folder, "stays"));
    stop.abort();
    await files.next();
  });
});

Deno.test("settledFiles throws NotFound if the folder does not exist", async () => {
  const files = settledFiles("/nowhere/at/all", new AbortController().signal);
  await rejects(async () => await files[Symbol.asyncIterator]().next(), Deno.errors.NotFound);
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
