import { sleep } from "../../lib/sleep.ts";

const never = new AbortController().signal;

/**
 * Resolves once the condition holds.
 *
 * @throws {Error} with the message `otherwise` when it does not hold within `ms` milliseconds.
 */
export async function until(
  condition: () => Promise<boolean>,
  ms: number,
  otherwise: string,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`${otherwise} within ${ms} ms`);
    await sleep(10, never);
  }
}
