/**
 * Seconds to sleep after n failed or empty attempts in a row: min(3600, 2ⁿ + jitter), with a jitter
 * of 0 to 1 second in steps of a millisecond. `random` returns at least 0 and less than 1.
 *
 * Source: the TAHOE/CYBEX-P contract, "The loop".
 */
export function backoff(attempts: number, random: () => number = Math.random): number {
  const jitter = Math.floor(random() * 1001) / 1000;
  return Math.min(3600, 2 ** attempts + jitter);
}
