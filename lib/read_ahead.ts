/** Yields the items of a generator, which makes up to `count` of them before they are asked for. */
export async function* readAhead<T>(source: AsyncGenerator<T>, count: number): AsyncIterable<T> {
  // A generator does what it is asked for in order.
  const asked: Promise<IteratorResult<T>>[] = [];
  try {
    while (true) {
      while (asked.length <= count) asked.push(ask(source));
      const { value, done } = await asked.shift()!;
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: what was asked for may never come, such as more of standard input.
    source.return(undefined).catch(() => {});
  }
}

function ask<T>(source: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  const result = source.next();
  // Whoever waits for it gets the error; until then it is nobody's.
  result.catch(() => {});
  return result;
}
