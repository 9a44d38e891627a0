import type { MetricsTarget } from "../config/metrics_target.ts";
import { log } from "../log.ts";
import { type Family, type Labels, writeExposition } from "../metrics/exposition.ts";
import { gauge } from "../metrics/gauge.ts";
import { processFamilies } from "../metrics/process.ts";
import { AbortScope } from "../abort_scope.ts";
import { sleep } from "../sleep.ts";
import type { Context } from "./context.ts";
import { publishToFile } from "./metrics_file.ts";
import { serveMetrics } from "./metrics_port.ts";

export type PublishOptions = {
  /** Port or file at which to publish; null: nowhere. */
  readonly target: MetricsTarget | null;
  /** Returns what the command has counted so far. */
  readonly families: () => readonly Family[];
};

/**
 * Publishes a command's metrics until the result is disposed of.
 *
 * @throws {ConfigError} CONFIG when the port or the file is not available.
 */
export async function publishMetrics(
  { program, version }: Pick<Context, "program" | "version">,
  { target, families }: PublishOptions,
): Promise<Publication> {
  const publication = new Publication(() => [...processFamilies(program, version), ...families()]);
  if (target !== null) await publication.begin(target);
  return publication;
}

/** Metrics of a command and of its store, collected anew for each scrape. */
export class Publication implements AsyncDisposable {
  readonly #families: () => readonly Family[];
  #storeFamilies: (() => Promise<readonly Family[]>) | undefined;
  /** The pending request to the store: a slow store is not asked twice at once. */
  #pending: Promise<readonly Family[]> | undefined;
  #end: (() => Promise<void>) | undefined;

  constructor(families: () => readonly Family[]) {
    this.#families = families;
  }

  async begin(target: MetricsTarget): Promise<void> {
    this.#end = "path" in target
      ? await publishToFile(target.path, (ms, signal, labels) => this.text(ms, signal, labels))
      : serveMetrics(target, (ms, signal) => this.text(ms, signal));
  }

  /** Also publishes the metrics of a store from now on; they are requested for each scrape. */
  includeStore(families: () => Promise<readonly Family[]>): void {
    this.#storeFamilies = families;
  }

  /**
   * Writes all metrics in the text format. Waits for the store for `ms` milliseconds, or until the
   * signal aborts. If it does not answer, `cybexp_store_up` is 0 and its metrics are missing.
   */
  async text(ms: number, signal: AbortSignal, labels: Labels = {}): Promise<string> {
    const storeFamilies = await this.#requestStore(ms, signal);
    const up = gauge({
      name: "cybexp_store_up",
      help: "Whether the database answered in time: 1 or 0.",
    }, storeFamilies === undefined ? 0 : 1);
    return writeExposition([...this.#families(), up, ...storeFamilies ?? []], labels);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end?.();
  }

  async #requestStore(ms: number, signal: AbortSignal): Promise<readonly Family[] | undefined> {
    const request = this.#storeFamilies;
    if (request === undefined) return undefined;
    this.#pending ??= request().finally(() => {
      this.#pending = undefined;
    });
    using scope = new AbortScope(signal);
    const timeout = sleep(ms, scope.signal);
    try {
      return await Promise.race([this.#pending, timeout.then(() => undefined)]);
    } catch (error) {
      log.debug("Cannot get metrics from the store", { error });
      return undefined;
    }
  }
}
