/** Exit codes as shells report them for a program that a signal killed: 128 plus its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type StopOptions = {
  /** Called with an exit code at the first signal. */
  readonly stop: (code: number) => void;
  /** Ends the process. */
  readonly exit: (code: number) => void;
};

/**
 * Creates a signal that aborts at the first SIGTERM or SIGINT, so that work in progress can be
 * finished. The second one ends the program at once.
 */
export function stopSignal({ stop, exit }: StopOptions): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][]) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) exit(code);
      stop(code);
      controller.abort();
    });
  }
  return controller.signal;
}
