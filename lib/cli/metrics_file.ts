import { basename } from "node:path";
import { ConfigError, errorMessage } from "../errors.ts";
import { log } from "../log.ts";
import type { Labels } from "../metrics/exposition.ts";
import { sleep } from "../sleep.ts";
import { ReplacedFile } from "./replaced_file.ts";

/** Milliseconds between two writes. */
const EVERY = 15_000;

/** Milliseconds that a database has to answer. */
const PATIENCE = 2000;

/** The same at the end, when most of the ten seconds a service has to stop may be gone. */
const LAST_PATIENCE = 250;

/** For the collector to read it, whoever it runs as. */
const MODE = 0o644;

type Text = (labels: Labels, ms: number, signal: AbortSignal) => Promise<string>;

/**
 * Writes the metrics into a file for node_exporter's textfile collector: now, every 15 seconds, and
 * at the end. The label `worker` is the file's name: several files in one folder must not have the
 * same sample twice. Returns what ends it.
 *
 * @throws {ConfigError} if the file cannot be written now; later failures go to the log.
 */
export async function keepWritten(path: string, text: Text): Promise<() => Promise<void>> {
  const labels = { worker: basename(path, ".prom") };
  const ending = new AbortController();
  const { signal } = ending;
  let file: ReplacedFile | undefined;
  try {
    file = new ReplacedFile(path, MODE);
    await file.replace(await text(labels, PATIENCE, signal));
  } catch (error) {
    file?.[Symbol.dispose]();
    const why = errorMessage(error);
    throw new ConfigError([`Cannot write metrics to ${path}: ${why}`], { cause: error });
  }
  log.info("Metrics written", { path });
  const written = keepWriting(file, (...limits) => text(labels, ...limits), signal);
  return async () => {
    ending.abort();
    await written;
    file[Symbol.dispose]();
  };
}

async function keepWriting(
  file: ReplacedFile,
  text: (ms: number, signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const never = new AbortController().signal;
  let failing = false;
  for (let last = false; !last;) {
    await sleep(EVERY, signal);
    last = signal.aborted;
    try {
      await file.replace(await (last ? text(LAST_PATIENCE, never) : text(PATIENCE, signal)));
      failing = false;
    } catch (error) {
      if (!failing) log.warn("Cannot write metrics", { path: file.path, error });
      failing = true;
    }
  }
}
