import { basename, join } from "node:path";
import { sleep } from "../../sleep.ts";

/** Milliseconds without a change after which a file counts as complete. */
const QUIET_MS = 1000;

/** Longest sleep in milliseconds: timers cannot take more than 2^31. */
const MAX_SLEEP_MS = 3_600_000;

/**
 * Yields the files of a folder, and those that arrive or change later, until the signal aborts:
 * each of them once nothing has written to it for a second. Ignores folders and hidden files.
 *
 * @throws {Deno.errors.NotFound} when the folder does not exist.
 */
export async function* settledFiles(folder: string, signal: AbortSignal): AsyncIterable<string> {
  const changes = new FolderChanges(folder);
  try {
    for await (const { name } of Deno.readDir(folder)) changes.record(name, 0);
    while (!signal.aborted) {
      for (const name of changes.takeSettled()) {
        const path = join(folder, name);
        if (!name.startsWith(".") && await isFile(path)) yield path;
        if (signal.aborted) return;
      }
      await changes.waitUntilSettled(signal);
    }
  } finally {
    changes.close();
  }
}

/** Files that changed in a folder, and when. */
class FolderChanges {
  readonly #watcher: Deno.FsWatcher;
  /** Time of the last change by name, in milliseconds since 1970. */
  readonly #times = new Map<string, number>();
  /** Aborts at the next change. */
  #nextChange = new AbortController();

  constructor(folder: string) {
    this.#watcher = Deno.watchFs(folder, { recursive: false });
    this.#listen();
  }

  record(name: string, time: number): void {
    this.#times.set(name, time);
    this.#nextChange.abort();
    this.#nextChange = new AbortController();
  }

  /** Removes and returns the names of the files that are complete, in alphabetical order. */
  takeSettled(): string[] {
    const settled = [...this.#times].filter(([, time]) => Date.now() - time >= QUIET_MS);
    for (const [name] of settled) this.#times.delete(name);
    return settled.map(([name]) => name).toSorted();
  }

  /** Resolves when a file may be complete, when another one changes, or when the signal aborts. */
  async waitUntilSettled(signal: AbortSignal): Promise<void> {
    const first = Math.min(...this.#times.values());
    const rest = Math.min(first + QUIET_MS - Date.now(), MAX_SLEEP_MS);
    await sleep(Math.max(rest, 0), signal, this.#nextChange.signal);
  }

  close(): void {
    this.#watcher.close();
  }

  async #listen(): Promise<void> {
    for await (const { kind, paths } of this.#watcher) {
      // Reading a file does not change it.
      if (kind === "access") continue;
      for (const path of paths) this.record(basename(path), Date.now());
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
