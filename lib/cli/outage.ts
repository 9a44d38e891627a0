import { StoreUnavailable } from "../errors.ts";
import { log } from "../log.ts";

/**
 * Logs once that a database is unavailable, however many attempts fail, and once when it is back.
 */
export class Outage {
  /** When the outage began, in milliseconds on the clock of `performance`. */
  #since: number | undefined;

  /** Logs an error. Those that are not about an unavailable database are logged each time. */
  record(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) log.error("A step of the work failed", { error });
    else if (this.#since !== undefined) log.debug("Database still unavailable", { error });
    else {
      this.#since = performance.now();
      log.error("Waiting for a database", { error });
    }
  }

  /** Logs that the outage is over, if there was one. */
  end(): void {
    if (this.#since === undefined) return;
    const seconds = (performance.now() - this.#since) / 1000;
    log.info("Database available again", { after: `${seconds.toFixed(1)}s` });
    this.#since = undefined;
  }
}
