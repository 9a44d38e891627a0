import { StoreUnavailable } from "../errors.ts";
import { log } from "../log.ts";

/** Tells once that a database is away, however often it is asked for, and once that it is back. */
export class Outage {
  /** When it began, in milliseconds since 1970. */
  #since: number | undefined;

  /** Takes what was thrown; other errors are told each time. */
  failed(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) log.error("Could not go on", { error });
    else if (this.#since !== undefined) log.debug("Still not available", { error });
    else {
      this.#since = Date.now();
      log.error("Waiting for a database", { error });
    }
  }

  over(): void {
    if (this.#since === undefined) return;
    const seconds = (Date.now() - this.#since) / 1000;
    log.info("Databases answer again", { after: `${seconds.toFixed(1)}s` });
    this.#since = undefined;
  }
}
