// A program for poison_test.ts: archives waiting entries as `archive run --once` does, but an upload of
// typetag "poison" aborts the process. Arguments: the configuration file, the worker's name.
import { nowSeconds } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import { loadPrivateKeys } from "../../lib/envelope/key_file.ts";
import { archiveJob } from "../../lib/lake/archive_job.ts";
import { runWorker } from "../../lib/worker.ts";
import { databases } from "../../stores.ts";

const [file, owner] = Deno.args as [string, string];
const config = await loadConfig({ file, flags: {}, env: () => undefined, folder: "/" });
const stores = await databases.open(config, ["lake", "archive"]);
const POISON_FILTER = {
  id: "poison",
  read: () => {
    Deno.kill(Deno.pid, "SIGABRT");
    throw new Error("The process was not aborted");
  },
};
const job = archiveJob({
  ...stores,
  ...config.archive,
  keys: await loadPrivateKeys([config.archive.privateKey], { warn: console.error }),
  first: config.archive.envelope,
  filters: new Map([["poison", POISON_FILTER]]),
  owner,
  retryAfter: () => 0,
  now: nowSeconds,
  onEnd: () => {},
  onSetAside: () => {},
  onError: (error) => {
    throw error;
  },
});
await runWorker(job, {
  once: true,
  parallel: 3,
  renewEvery: config.archive.lease * 1000 / 3,
  grace: 1000,
  signal: new AbortController().signal,
});
await stores.close();
