import { basename } from "node:path";
import { sleep } from "../../sleep.ts";

/** Milliseconds between two looks at files that are being written. */
const POLL_MS = 1000;

/** Milliseconds without a change after which a file counts as complete. */
const QUIET_MS = 1000;

/** Milliseconds without a change after which nobody will finish a last line any more. */
const STILL_MS = 5_000;

/** Milliseconds between two looks at symbolic links, of which the system tells nothing. */
const LINKS_MS = 5_000;

/** Ages of a change at which its file is looked at, in milliseconds. */
const AGES = [0, QUIET_MS, STILL_MS] as const;

/** A file that changed, and for how long nothing has written to it since. */
export type FolderChange = {
  readonly name: string;
  /** Whether it is complete: nothing has written to it for a second. */
  readonly isQuiet: boolean;
  /** Whether nothing has written to it for so long that its last line is complete, too. */
  readonly isStill: boolean;
};

type Waiting = { readonly time: number; next: number };

/**
 * Yields what changes in a folder, in alphabetical order and at most once a second, until the signal
 * aborts: first all that is there. A file that is being written comes again and again, and once more
 * when it is quiet, and when it is still. Names of files that are gone come, too.
 *
 * @throws {Error} when the folder does not exist any more, or the system watches too many already.
 */
export async function* folderChanges(
  folder: string,
  signal: AbortSignal,
): AsyncIterable<readonly FolderChange[]> {
  const changes = new FolderChanges(folder);
  try {
    await changes.recordAll();
    while (!signal.aborted) {
      const due = changes.takeDue();
      if (due.length > 0) {
        await changes.checkFolder();
        yield due;
        await sleep(POLL_MS, signal);
      }
      await changes.waitUntilDue(signal);
      await changes.recordLinks();
    }
  } finally {
    changes.close();
  }
}

/** Files that changed in a folder, and when. */
class FolderChanges {
  readonly #folder: string;
  readonly #watcher: Deno.FsWatcher;
  /** Time of the last change by name, in milliseconds since 1970. */
  readonly #waiting = new Map<string, Waiting>();
  /** What is known of the targets of symbolic links, by name; and when they were looked at last. */
  #links = new Map<string, string>();
  #linksSeen = Date.now();
  /** Aborts at the next change. */
  #nextChange = new AbortController();

  constructor(folder: string) {
    this.#folder = folder;
    this.#watcher = watch(folder);
    this.#listen();
  }

  async checkFolder(): Promise<void> {
    const info = await Deno.stat(this.#folder).catch(() => undefined);
    if (info?.isDirectory) return;
    throw new Error(
      `Cannot watch ${this.#folder} any more: it was removed or renamed. Start again when it is back`,
    );
  }

  /** Records all files that are there. */
  async recordAll(): Promise<void> {
    for await (const { name } of Deno.readDir(this.#folder)) {
      const info = await Deno.stat(`${this.#folder}/${name}`).catch(() => undefined);
      this.#record(name, Math.min(info?.mtime?.getTime() ?? 0, Date.now()));
    }
  }

  /** Records the symbolic links that are new or whose targets changed, every five seconds. */
  async recordLinks(): Promise<void> {
    if (Date.now() - this.#linksSeen < LINKS_MS) return;
    this.#linksSeen = Date.now();
    await this.checkFolder();
    const links = new Map<string, string>();
    for await (const { name, isSymlink } of Deno.readDir(this.#folder)) {
      if (!isSymlink) continue;
      const info = await Deno.stat(`${this.#folder}/${name}`).catch(() => undefined);
      const seen = info === undefined ? "" : `${info.ino}:${info.size}:${info.mtime?.getTime()}`;
      links.set(name, seen);
      if (this.#links.get(name) !== seen) this.#record(name, Date.now());
    }
    this.#links = links;
  }

  /** Removes and returns the changes that have reached an age. */
  takeDue(): FolderChange[] {
    const now = Date.now();
    const due: FolderChange[] = [];
    for (const [name, waiting] of this.#waiting) {
      const passed = AGES.filter((age) => now - waiting.time >= age).length;
      if (passed <= waiting.next) continue;
      waiting.next = passed;
      due.push({ name, isQuiet: passed > 1, isStill: passed > 2 });
      if (passed === AGES.length) this.#waiting.delete(name);
    }
    return due.toSorted((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Resolves when a change may be due, or when the signal aborts. */
  async waitUntilDue(signal: AbortSignal): Promise<void> {
    let due = Date.now() + LINKS_MS;
    for (const { time, next } of this.#waiting.values()) due = Math.min(due, time + AGES[next]!);
    await sleep(Math.max(due - Date.now(), 0), signal, this.#nextChange.signal);
  }

  close(): void {
    this.#watcher.close();
  }

  #record(name: string, time: number): void {
    this.#waiting.set(name, { time, next: 0 });
    this.#nextChange.abort();
    this.#nextChange = new AbortController();
  }

  async #listen(): Promise<void> {
    for await (const { kind, paths, flag } of this.#watcher) {
      // Reading a file does not change it.
      if (kind === "access") continue;
      // There were more changes than the system could tell.
      if (flag === "rescan") await this.recordAll();
      for (const path of paths) this.#record(basename(path), Date.now());
    }
  }
}

function watch(folder: string): Deno.FsWatcher {
  try {
    return Deno.watchFs(folder, { recursive: false });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : "the system watches too many already. Raise fs.inotify.max_user_instances and " +
        "fs.inotify.max_user_watches (sysctl)";
    throw new Error(`Cannot watch ${folder}: ${reason}`, { cause });
  }
}
