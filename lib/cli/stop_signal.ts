/** 128 plus the signal's number, as shells report it. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Aborts at the first SIGTERM or SIGINT, for work in hand to be finished; at the second one the
 * program exits at once, with the code a shell gives a program that died of it.
 */
export function stopSignal(exit: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(signals) as [keyof typeof signals, number][]) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) exit(code);
      controller.abort();
    });
  }
  return controller.signal;
}
