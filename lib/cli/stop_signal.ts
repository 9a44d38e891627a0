/** Exit codes as shells report them: 128 plus the number of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Creates a signal that aborts at the first SIGTERM or SIGINT, so that work in progress can be
 * finished. The second one ends the program at once, with the exit code that a shell reports for a
 * program that died of it.
 */
export function stopSignal(exit: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) exit(code);
      controller.abort();
    });
  }
  return controller.signal;
}
