/** Notices writes to a database file by any process, where the system can report them. */
export class WriteWatcher {
  readonly #path: string | undefined;
  #watcher: Deno.FsWatcher | undefined;
  #nextWrite = new AbortController();
  #lastWrite = -Infinity;
  #started = false;

  /** Without a path, as for a database in memory, there is nothing to watch. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** Whether the system reports writes, so that {@link nextWrite} can be relied on. */
  get isWatching(): boolean {
    return this.#watcher !== undefined;
  }

  /** Milliseconds since the last write that was noticed. */
  get msSinceWrite(): number {
    return performance.now() - this.#lastWrite;
  }

  /**
   * Returns a signal that aborts at the next write. The write may not be readable yet: read again
   * for some milliseconds.
   */
  nextWrite(): AbortSignal {
    if (!this.#started) this.#start();
    return this.#nextWrite.signal;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #start(): void {
    this.#started = true;
    if (this.#path === undefined) return;
    try {
      // In WAL mode every write goes to this file first, and it exists while anyone is connected.
      this.#watcher = Deno.watchFs(`${this.#path}-wal`);
    } catch {
      // No permission, no watches left, or a file system without them: the callers poll instead.
      return;
    }
    this.#watch(this.#watcher).catch(() => this.close());
  }

  async #watch(watcher: Deno.FsWatcher): Promise<void> {
    for await (const _ of watcher) {
      this.#lastWrite = performance.now();
      this.#nextWrite.abort();
      this.#nextWrite = new AbortController();
    }
  }
}
