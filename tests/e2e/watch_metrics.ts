import { equal, ok } from "../assert.ts";
import { sleep } from "../../lib/sleep.ts";
import { freePort } from "../cli/free_port.ts";
import { valueOf } from "../metrics/read_exposition.ts";

/** Milliseconds between two scrapes. */
const PAUSE = 100;

/** Milliseconds that an answer may take on a loaded machine; the store gets two seconds of it. */
const TIMEOUT = 10_000;

/** Scrapes the metrics of a program between start and stop: each scrape must be answered. */
export class MetricsWatch {
  readonly #port = freePort();
  #stopping = new AbortController();
  #scraping: Promise<number> | undefined;

  /** Flags that make a program serve its metrics where they are scraped. */
  flags(program: "archive" | "report"): readonly string[] {
    return ["--set", `${program}.metrics=127.0.0.1:${this.#port}`];
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#scraping = this.#scrape();
    // The test awaits it when it stops the watch.
    this.#scraping.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const scrapes = await this.#scraping;
    ok(scrapes! > 0, "Nothing was scraped");
  }

  async #scrape(): Promise<number> {
    const { signal } = this.#stopping;
    let scrapes = 0;
    for (; !signal.aborted; scrapes++) {
      const answer = await fetch(`http://127.0.0.1:${this.#port}/metrics`, {
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const text = await answer.text();
      equal(answer.status, 200);
      equal(valueOf(text, "cybexp_store_up"), 1);
      await sleep(PAUSE, signal);
    }
    return scrapes;
  }
}
