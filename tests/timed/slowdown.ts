import { cpuUsage } from "node:process";
import { sleep } from "../../lib/sleep.ts";

/** Milliseconds of the processor by which the machine is measured, and between two measurements. */
const SPIN = 30;
const PAUSE = 120;

/**
 * Runs `work`, and says how many times longer than on an idle machine everything took meanwhile: 1 or
 * more. That is the time by the clock in which this process got some time of the processor.
 */
export async function withSlowdown<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly slowdown: number }> {
  const ended = new AbortController();
  const measured = measure(ended.signal);
  try {
    const result = await work();
    ended.abort();
    return { result, slowdown: await measured };
  } finally {
    ended.abort();
  }
}

async function measure(signal: AbortSignal): Promise<number> {
  let [clock, processor] = [0, 0];
  do {
    const start = { clock: performance.now(), processor: processorTime() };
    while (processorTime() - start.processor < SPIN);
    clock += performance.now() - start.clock;
    processor += processorTime() - start.processor;
    await sleep(PAUSE, signal);
  } while (!signal.aborted);
  return Math.max(1, clock / processor);
}

/** Milliseconds of the processor that this process got so far. */
function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
