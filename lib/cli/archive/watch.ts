import { basename, join } from "node:path";
import { sleep } from "../../sleep.ts";

/** Milliseconds for which a file must stay as it is before it is taken to be whole. */
const QUIET = 1000;

/** Milliseconds of the longest sleep: timers take no more than 2^31. */
const LONGEST = 3_600_000;

/**
 * The files in a folder, and those that come or change, each once nothing wrote to it for a second,
 * until the signal aborts. Hidden ones and folders are passed over.
 *
 * Throws Deno.errors.NotFound if there is no such folder.
 */
export async function* settledFiles(folder: string, signal: AbortSignal): AsyncIterable<string> {
  const watched = new Watched(folder);
  try {
    for await (const { name } of Deno.readDir(folder)) watched.changed(name, 0);
    while (!signal.aborted) {
      for (const name of watched.takeQuiet()) {
        const path = join(folder, name);
        if (!name.startsWith(".") && await isFile(path)) yield path;
        if (signal.aborted) return;
      }
      await watched.untilQuiet(signal);
    }
  } finally {
    watched.close();
  }
}

/** What changed in a folder, and when. */
class Watched {
  readonly #watcher: Deno.FsWatcher;
  readonly #changes = new Map<string, number>();
  /** Aborted at the next change. */
  #change = new AbortController();

  constructor(folder: string) {
    this.#watcher = Deno.watchFs(folder, { recursive: false });
    this.#listen();
  }

  changed(name: string, time: number): void {
    this.#changes.set(name, time);
    this.#change.abort();
    this.#change = new AbortController();
  }

  /** Names nothing happened to for a while, in their order; they are told of once. */
  takeQuiet(): string[] {
    const quiet = [...this.#changes].filter(([, time]) => Date.now() - time >= QUIET);
    for (const [name] of quiet) this.#changes.delete(name);
    return quiet.map(([name]) => name).toSorted();
  }

  async untilQuiet(signal: AbortSignal): Promise<void> {
    const first = Math.min(...this.#changes.values());
    const rest = Math.min(first + QUIET - Date.now(), LONGEST);
    await sleep(Math.max(rest, 0), signal, this.#change.signal);
  }

  close(): void {
    this.#watcher.close();
  }

  async #listen(): Promise<void> {
    for await (const { kind, paths } of this.#watcher) {
      // Reading a file is an event, too.
      if (kind === "access") continue;
      for (const path of paths) this.changed(basename(path), Date.now());
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
