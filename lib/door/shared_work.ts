import { sleep } from "../sleep.ts";

/** Work by name, so that two who want the same at the same time share it. */
export class SharedWork<Result> {
  readonly #running = new Map<string, Promise<Result>>();

  /** Starts the work, or returns the same that is running already. */
  run(name: string, work: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#running.delete(name));
    this.#running.set(name, started);
    return started;
  }
}

/** Resolves as the promise does, or with undefined after `ms` milliseconds: the work goes on. */
export async function within<Result>(
  promise: Promise<Result>,
  ms: number,
): Promise<Result | undefined> {
  const ended = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, ended.signal).then(() => undefined)]);
  } finally {
    ended.abort();
    // Whoever waited has gone; a late failure is told to those who ask again.
    promise.catch(() => {});
  }
}
