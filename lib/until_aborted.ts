/** Yields what comes until the signal aborts; what is on its way then is not awaited. */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncIterable<T> {
  const iterator = source[Symbol.asyncIterator]();
  while (true) {
    const result = await orAborted(iterator.next(), signal);
    if (result === undefined || result.done) return;
    yield result.value;
  }
}

/**
 * Resolves as the promise does, or with undefined if the signal aborts first. (Racing with one promise
 * for the end of all would keep everything that was ever raced with it.)
 */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
