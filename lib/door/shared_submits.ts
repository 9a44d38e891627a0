import type { CacheLake, Upload } from "../lake/lake.ts";

/** Uploads that wait for the lake, and what tells their senders. */
type Waiting = {
  readonly uploads: readonly Upload[];
  readonly resolve: (ids: string[]) => void;
  readonly reject: (error: unknown) => void;
};

/** The most uploads that are put into the lake in one step. */
const MOST_UPLOADS = 64;

/**
 * Puts uploads into the lake that come while others are being put there, all in one step: to make each
 * durable by itself takes the disk as long as all of them together.
 */
export class SharedSubmits implements Pick<CacheLake, "submit"> {
  readonly #lake: Pick<CacheLake, "submit">;
  readonly #waiting: Waiting[] = [];
  #isSubmitting = false;

  constructor(lake: Pick<CacheLake, "submit">) {
    this.#lake = lake;
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    this.#waiting.push({ uploads, resolve, reject });
    if (!this.#isSubmitting) this.#submitWaiting();
    return promise;
  }

  async #submitWaiting(): Promise<void> {
    this.#isSubmitting = true;
    while (this.#waiting.length > 0) await this.#submitSome(this.#waiting.splice(0, MOST_UPLOADS));
    this.#isSubmitting = false;
  }

  async #submitSome(some: readonly Waiting[]): Promise<void> {
    try {
      const ids = await this.#lake.submit(some.flatMap(({ uploads }) => uploads));
      let at = 0;
      for (const { uploads, resolve } of some) resolve(ids.slice(at, at += uploads.length));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}
