/** Yields what comes until the signal aborts; what is on its way then is not awaited. */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncIterable<T> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const abort = () => resolve(undefined);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    const iterator = source[Symbol.asyncIterator]();
    while (true) {
      const next = iterator.next();
      const result = await Promise.race([next, aborted]);
      if (result === undefined) {
        // Whether it comes or fails is nobody's business any more.
        next.catch(() => {});
        return;
      }
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
