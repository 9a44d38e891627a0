/**
 * Seconds to sleep after so many failed or empty attempts in a row: min(3600, 2ⁿ + jitter), the
 * jitter from 0 to 1 second in steps of a thousandth. `random` is at least 0 and less than 1.
 *
 * Source: the TAHOE/CYBEX-P contract, "The loop".
 */
export function backoff(attempts: number, random: () => number = Math.random): number {
  const jitter = Math.floor(random() * 1001) / 1000;
  return Math.min(3600, 2 ** attempts + jitter);
}
