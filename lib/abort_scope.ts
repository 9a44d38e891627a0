/**
 * A stretch of a function that others work for: when it ends, by `using`, or when an outer signal
 * aborts, `signal` does, and `ended` resolves.
 *
 * It leaves nothing behind in the outer signal, which may live as long as the program.
 * AbortSignal.any does in Deno 2.4, and so does a race against one promise again and again, anywhere.
 */
export class AbortScope implements Disposable {
  readonly ended: Promise<void>;
  readonly #outer: AbortSignal;
  readonly #inner = new AbortController();
  readonly #resolve: () => void;
  readonly #end = () => this[Symbol.dispose]();

  constructor(outer: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#outer = outer;
    outer.addEventListener("abort", this.#end);
    if (outer.aborted) this.#end();
  }

  get signal(): AbortSignal {
    return this.#inner.signal;
  }

  [Symbol.dispose](): void {
    this.#outer.removeEventListener("abort", this.#end);
    this.#inner.abort();
    this.#resolve();
  }
}
