import { basename } from "node:path";
import { ConfigError, errorMessage } from "../errors.ts";
import { log } from "../log.ts";
import type { Labels } from "../metrics/exposition.ts";
import { sleep } from "../sleep.ts";
import { ReplacedFile } from "./replaced_file.ts";

/** Milliseconds between two writes. */
const INTERVAL_MS = 15_000;

/** Milliseconds that a database has to answer. */
const STORE_TIMEOUT_MS = 2000;

/**
 * The same for the last write, when most of the ten seconds that a service has to stop may be gone.
 */
const LAST_STORE_TIMEOUT_MS = 250;

/** Readable by everyone, because node_exporter may run as any user. */
const MODE = 0o644;

/** Writes the metrics, and waits at most `ms` milliseconds for the store. */
type WriteMetrics = (ms: number, signal: AbortSignal, labels: Labels) => Promise<string>;

/**
 * Writes the metrics to a file for node_exporter's textfile collector: now, every 15 seconds, and
 * at the end. The label `worker` is the file's name, because two files in one folder must not
 * contain the same sample. Returns a function that ends it.
 *
 * @throws {ConfigError} CONFIG when the file cannot be written now. Later failures are logged.
 */
export async function publishToFile(
  path: string,
  writeMetrics: WriteMetrics,
): Promise<() => Promise<void>> {
  const labels = { worker: basename(path, ".prom") };
  const ending = new AbortController();
  const { signal } = ending;
  let file: ReplacedFile | undefined;
  try {
    file = new ReplacedFile(path, MODE);
    await file.replace(await writeMetrics(STORE_TIMEOUT_MS, signal, labels));
  } catch (error) {
    file?.[Symbol.dispose]();
    const reason = errorMessage(error);
    throw new ConfigError([`Cannot write metrics to ${path}: ${reason}`], { cause: error });
  }
  log.info("Publishing metrics", { path });
  const write = (ms: number, signal: AbortSignal) => writeMetrics(ms, signal, labels);
  const ended = updateFile(file, write, signal);
  return async () => {
    ending.abort();
    await ended;
    file[Symbol.dispose]();
  };
}

/** Replaces the file again and again until the signal aborts, and then a last time. */
async function updateFile(
  file: ReplacedFile,
  write: (ms: number, signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const never = new AbortController().signal;
  let failing = false;
  for (let last = false; !last;) {
    await sleep(INTERVAL_MS, signal);
    last = signal.aborted;
    try {
      const text = last ? write(LAST_STORE_TIMEOUT_MS, never) : write(STORE_TIMEOUT_MS, signal);
      await file.replace(await text);
      failing = false;
    } catch (error) {
      if (!failing) log.warn("Cannot write metrics", { path: file.path, error });
      failing = true;
    }
  }
}
