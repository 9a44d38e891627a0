// A program for report_poison_test.ts: answers waiting queries as `report run --once` does, but one
// question aborts the process. Arguments: the configuration file, the worker's name, the number of
// that question.
import { answerOptions } from "../../lib/cli/report/answer_options.ts";
import { loadConfig } from "../../lib/config.ts";
import { loadPrivateKeys } from "../../lib/envelope/key_file.ts";
import { queryJob } from "../../lib/tdql/query_job.ts";
import { runWorker } from "../../lib/worker.ts";
import { databases } from "../../stores.ts";

const [file, owner, poison] = Deno.args as [string, string, string];
const config = await loadConfig({ file, flags: {}, env: () => undefined, folder: "/" });
const stores = await databases.open(config, ["inbox", "graph", "edges", "identity"]);
const countHolders = stores.graph.countHolders.bind(stores.graph);
stores.graph.countHolders = (held, filter) => {
  // Each question has a time range of its own: see community.ts.
  if (filter.start === Number(poison) + 1) Deno.kill(Deno.pid, "SIGABRT");
  return countHolders(held, filter);
};
const { lease, maxAttempts, parallel, notifyHosts: hosts, notifyPorts: ports } = config.report;
const job = queryJob({
  ...stores,
  ...answerOptions(stores, config),
  keys: await loadPrivateKeys([config.archive.privateKey], { warn: console.error }),
  first: config.archive.envelope,
  maxBytes: config.archive.maxBytes,
  notifyOptions: { apiHost: config.api.host, hosts, ports },
  owner,
  lease,
  maxAttempts,
  onEnd: () => {},
  onSetAside: () => {},
  onError: (error) => {
    throw error;
  },
});
await runWorker(job, {
  once: true,
  parallel,
  renewEvery: lease * 1000 / 3,
  grace: 1000,
  signal: new AbortController().signal,
});
await stores.close();
