import { deepEqual, equal, ok, rejects } from "../../assert.ts";
import { join } from "node:path";
import { type FolderChange, folderChanges } from "../../../lib/cli/archive/folder_changes.ts";

/** The changes of a folder, one by one. */
class Changes {
  readonly #stop = new AbortController();
  readonly #iterator: AsyncIterator<readonly FolderChange[]>;
  #waiting: FolderChange[] = [];

  constructor(folder: string) {
    this.#iterator = folderChanges(folder, this.#stop.signal)[Symbol.asyncIterator]();
  }

  async next(): Promise<FolderChange> {
    while (this.#waiting.length === 0) {
      const { value, done } = await this.#iterator.next();
      equal(done, false);
      this.#waiting = [...value];
    }
    return this.#waiting.shift()!;
  }

  /** The name of the next file that is quiet. */
  async nextQuiet(): Promise<string> {
    while (true) {
      const { name, isQuiet, isStill } = await this.next();
      if (isQuiet && !isStill) return name;
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#iterator.return?.();
  }
}

async function inFolder(
  work: (folder: string, write: (name: string, text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder, (name, text) => Deno.writeTextFile(join(folder, name), text));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("folderChanges yields what is there, then what changes, and again once it is quiet", async () => {
  await inFolder(async (folder, write) => {
    await write("b", "1");
    await write("a", "1");
    for (const name of ["a", "b"]) await Deno.utime(join(folder, name), 5, 5);
    const changes = new Changes(folder);
    const old = { isQuiet: true, isStill: true };
    deepEqual([await changes.next(), await changes.next()], [
      { name: "a", ...old },
      { name: "b", ...old },
    ]);
    const arriving = changes.nextQuiet();
    const started = Date.now();
    for (let part = 0; part < 4; part++) {
      await Deno.writeTextFile(join(folder, "c"), "part\n", { append: true });
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    equal(await arriving, "c");
    const passed = Date.now() - started;
    ok(passed >= 2200, `it was quiet ${passed} ms after the first write`);

    // Reading is not a change: only the file that is written comes.
    await Deno.readTextFile(join(folder, "a"));
    await write("b", "2");
    equal(await changes.nextQuiet(), "b");
    await changes.stop();
  });
});

Deno.test("folderChanges yields a file again and again while it is written, and one that is gone", async () => {
  await inFolder(async (folder, write) => {
    await write("log", "0");
    const changes = new Changes(folder);
    const writing = setInterval(() => {
      Deno.writeTextFileSync(join(folder, "log"), "1", { append: true });
    }, 100);
    try {
      const found = [await changes.next(), await changes.next(), await changes.next()];
      deepEqual(found, Array(3).fill({ name: "log", isQuiet: false, isStill: false }));
    } finally {
      clearInterval(writing);
    }
    equal(await changes.nextQuiet(), "log");
    await Deno.remove(join(folder, "log"));
    equal(await changes.nextQuiet(), "log");
    await changes.stop();
  });
});

Deno.test("folderChanges throws if the folder does not exist, or not any more", async () => {
  await rejects(
    () => new Changes("/nowhere/at/all").next(),
    /^Error: Cannot watch \/nowhere\/at\/all: there is no such folder$/,
  );
  await inFolder(async (folder) => {
    const inner = join(folder, "inner");
    await Deno.mkdir(inner);
    const changes = new Changes(inner);
    const rejected = rejects(changes.next(), /inner any more: it was removed or renamed/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Deno.remove(inner);
    await rejected;
  });
});
