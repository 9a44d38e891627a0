/**
 * The scope of work that must not outlive a block: when the block ends (declare it with `using`), or
 * when the outer signal is aborted, `signal` is aborted and `ended` resolves.
 *
 * It leaves nothing attached to the outer signal, which may live as long as the program. In Deno 2.4
 * AbortSignal.any does, and racing one long-lived promise again and again does in every runtime.
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
