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

/** Milliseconds between two writes, of which the longest is far less than a file is quiet for. */
const WRITE_MS = 200;

/**
 * Appends to a file for three seconds. A machine that stood still meanwhile makes a file quiet for
 * everybody: returns the longest time between two writes.
 */
async function writeSteadily(path: string): Promise<number> {
  let longest = 0;
  let last = Date.now();
  for (let part = 0; part < 15; part++) {
    await Deno.writeTextFile(path, "part\n", { append: true });
    longest = Math.max(longest, Date.now() - last);
    last = Date.now();
    await new Promise((resolve) => setTimeout(resolve, WRITE_MS));
  }
  return longest;
}

Deno.test("folderChanges yields what is there, then what changes, and again once it is quiet", async () => {
  await inFolder(async (folder, write) => {
    await write("b", "1");
    await write("a", "1");
    for (const name of ["a", "b"]) await Deno.utime(join(folder, name), 5, 5);
    const changes = new Changes(folder);
    try {
      const old = { isQuiet: true, isStill: true };
      deepEqual([await changes.next(), await changes.next()], [
        { name: "a", ...old },
        { name: "b", ...old },
      ]);
      const arriving = changes.nextQuiet();
      await write("c", "1");
      equal(await arriving, "c");

      // Reading is not a change: only the file that is written comes.
      await Deno.readTextFile(join(folder, "a"));
      await write("b", "2");
      equal(await changes.nextQuiet(), "b");
    } finally {
      await changes.stop();
    }
  });
});

Deno.test("folderChanges yields a file again and again while it is written, and one that is gone", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "log");
    for (let attempt = 1;; attempt++) {
      const changes = new Changes(folder);
      try {
        const found: FolderChange[] = [];
        const quiet = (async () => {
          while (!found.at(-1)?.isQuiet) found.push(await changes.next());
        })();
        const longest = await writeSteadily(log);
        const whileWritten = [...found];
        await quiet;
        if (longest > 4 * WRITE_MS && attempt < 10) continue;
        ok(whileWritten.length >= 2, `it came ${whileWritten.length} times in three seconds`);
        deepEqual(
          whileWritten,
          whileWritten.map(() => ({ name: "log", isQuiet: false, isStill: false })),
        );
        await Deno.remove(log);
        equal(await changes.nextQuiet(), "log");
        return;
      } finally {
        await changes.stop();
        await Deno.remove(log).catch(() => {});
      }
    }
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
    try {
      const rejected = rejects(changes.next(), /inner any more: it was removed or renamed/);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await Deno.remove(inner);
      await rejected;
    } finally {
      await changes.stop();
    }
  });
});
