import type { MetricsPlace } from "../config/metrics_place.ts";
import { log } from "../log.ts";
import { exposition, type Family, type Labels } from "../metrics/exposition.ts";
import { gauge } from "../metrics/gauge.ts";
import { processFamilies } from "../metrics/process.ts";
import { AbortScope } from "../abort_scope.ts";
import { sleep } from "../sleep.ts";
import type { Context } from "./context.ts";
import { keepWritten } from "./metrics_file.ts";
import { serveMetrics } from "./metrics_port.ts";

/** What a command publishes of itself. */
export type Published = {
  /** Where; nowhere if null. */
  readonly place: MetricsPlace | null;
  /** What has been counted so far. */
  readonly counted: () => readonly Family[];
};

/**
 * Publishes a command's metrics until the result is disposed of.
 *
 * @throws {ConfigError} if the port or the file cannot be had.
 */
export async function publishMetrics(
  { program, version }: Pick<Context, "program" | "version">,
  { place, counted }: Published,
): Promise<Publication> {
  const publication = new Publication(() => [...processFamilies(program, version), ...counted()]);
  if (place !== null) await publication.begin(place);
  return publication;
}

/** Makes the text of the metrics whenever it is asked for. */
export class Publication implements AsyncDisposable {
  readonly #counted: () => readonly Family[];
  #status: (() => Promise<readonly Family[]>) | undefined;
  /** What the store is being asked just now: a slow one is not asked twice at once. */
  #asked: Promise<readonly Family[]> | undefined;
  #end: (() => Promise<void>) | undefined;

  constructor(counted: () => readonly Family[]) {
    this.#counted = counted;
  }

  async begin(place: MetricsPlace): Promise<void> {
    this.#end = "path" in place
      ? await keepWritten(place.path, (labels, ms, signal) => this.text(ms, signal, labels))
      : serveMetrics(place, (ms, signal) => this.text(ms, signal));
  }

  /** From now on the store is asked, too, each time. */
  watch(status: () => Promise<readonly Family[]>): void {
    this.#status = status;
  }

  /**
   * All metrics in the text format. Waits for the store for `ms` milliseconds, or until the signal
   * aborts: without an answer `cybexp_store_up` is 0, and what the store would have said is missing.
   */
  async text(ms: number, signal: AbortSignal, labels: Labels = {}): Promise<string> {
    const status = await this.#answer(ms, signal);
    const up = gauge(
      "cybexp_store_up",
      "Whether the database said in time what lies in it: 1 or 0.",
      status === undefined ? 0 : 1,
    );
    return exposition([...this.#counted(), up, ...status ?? []], labels);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end?.();
  }

  async #answer(ms: number, signal: AbortSignal): Promise<readonly Family[] | undefined> {
    const status = this.#status;
    if (status === undefined) return undefined;
    this.#asked ??= status().finally(() => {
      this.#asked = undefined;
    });
    using answered = new AbortScope(signal);
    const late = sleep(ms, answered.signal);
    try {
      return await Promise.race([this.#asked, late.then(() => undefined)]);
    } catch (error) {
      log.debug("No status for the metrics", { error });
      return undefined;
    }
  }
}
