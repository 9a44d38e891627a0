/** An archive process, like `archive run --once`, timed from the first claim to the last settle. */
import { nowSeconds } from "../lib/clock.ts";
import { loadConfig } from "../lib/config.ts";
import { loadPrivateKeys } from "../lib/envelope/key_file.ts";
import { archiveJob } from "../lib/lake/archive_job.ts";
import { runWorker } from "../lib/worker.ts";
import { databases } from "../stores.ts";
import { FILTERS } from "../lib/typetags/typetags.ts";
import type { WorkerFigures } from "./archive_process.ts";

const config = await loadConfig({
  file: Deno.args[0],
  flags: {},
  env: () => undefined,
  folder: Deno.cwd(),
});
const { archive } = config;
const keys = await loadPrivateKeys([archive.privateKey], { warn: console.error });
const stores = await databases.open(config, ["lake", "archive"]);
let left = Number(Deno.args[1]);
const job = archiveJob({
  ...stores,
  keys,
  first: archive.envelope,
  typetags: archive.typetags,
  filters: archive.filters ? FILTERS : new Map(),
  maxBytes: archive.maxBytes,
  maxAttempts: archive.maxAttempts,
  batch: archive.batch,
  lease: archive.lease,
  owner: "bench",
  now: nowSeconds,
  retryAfter: () => 3600,
  onEnd: ({ outcome }) => {
    if (outcome.state === "SUCCESS") left--;
  },
  onSetAside: () => {},
  onError: console.error,
});
const signal = new AbortController().signal;
const start = performance.now();
await runWorker(job, { once: true, parallel: 3, renewEvery: 20_000, grace: 0, signal });
const seconds = (performance.now() - start) / 1000;
await stores.close();
if (left !== 0) throw new Error(`${left} uploads were not archived`);
const [, kibibytes] = /VmHWM:\s*(\d+) kB/.exec(await Deno.readTextFile("/proc/self/status"))!;
const figures: WorkerFigures = { seconds, peakRssMiB: Number(kibibytes) / 1024 };
console.log(JSON.stringify(figures));
