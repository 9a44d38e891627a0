/** Tells of writes to a database file, by whatever process, where the system can tell. */
export class Changes {
  readonly #path: string | undefined;
  #watcher: Deno.FsWatcher | undefined;
  #next = new AbortController();
  #last = -Infinity;
  #begun = false;

  /** Without a path there is nothing to watch. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** Whether {@link next} can be relied on. */
  get areTold(): boolean {
    return this.#watcher !== undefined;
  }

  /** Milliseconds since the last write that was told of. */
  get age(): number {
    return performance.now() - this.#last;
  }

  /** Aborts at the next write. It may not be readable yet: look for some milliseconds. */
  next(): AbortSignal {
    if (!this.#begun) this.#begin();
    return this.#next.signal;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #begin(): void {
    this.#begun = true;
    if (this.#path === undefined) return;
    try {
      // In WAL mode every write goes there first, and it stays as long as somebody is connected.
      this.#watcher = Deno.watchFs(`${this.#path}-wal`);
    } catch {
      // No permission, no more watches to be had, or a file system that has none: looking will do.
      return;
    }
    this.#tell(this.#watcher).catch(() => this.close());
  }

  async #tell(watcher: Deno.FsWatcher): Promise<void> {
    for await (const _ of watcher) {
      this.#last = performance.now();
      this.#next.abort();
      this.#next = new AbortController();
    }
  }
}
