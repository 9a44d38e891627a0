/** Runs work while the machine's clock is wrong by `ms` from `after` milliseconds on. */
export async function withSteppedClock<T>(
  { ms, after }: { readonly ms: number; readonly after: number },
  work: () => Promise<T>,
): Promise<T> {
  const { now } = Date;
  const timer = setTimeout(() => Date.now = () => now() + ms, after);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    Date.now = now;
  }
}
