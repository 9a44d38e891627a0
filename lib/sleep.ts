/** Resolves after `ms` milliseconds, or as soon as one of the signals is aborted. */
export function sleep(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    for (const signal of signals) signal.addEventListener("abort", finish, { once: true });
    if (signals.some(({ aborted }) => aborted)) finish();
  });
}
