// @ts-types="npm:@types/cli-progress@3.11.6"
import { Presets, SingleBar } from "cli-progress";

/** Display of how far a long task is. */
export type Progress = { add(count: number): void; stop(): void };

/**
 * Shows a bar on standard error, or a count if the total is unknown; `unit` is that of the numbers.
 * Shows nothing if standard error is not a terminal.
 */
export function startProgress(label: string, total: number | null, unit = ""): Progress {
  if (!Deno.stderr.isTerminal()) return { add() {}, stop() {} };
  const format = total === null
    ? `${label} {value} ${unit}`
    : `${label} {bar} {value}/{total} ${unit} {eta_formatted}`;
  // With `linewrap: false`, the default, the terminal's line wrap would stay off after Ctrl-C.
  const bar = new SingleBar({ format, clearOnComplete: true, linewrap: true }, Presets.rect);
  bar.start(total ?? 0, 0);
  return { add: (count) => bar.increment(count), stop: () => bar.stop() };
}
