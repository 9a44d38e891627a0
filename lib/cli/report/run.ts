import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { loadPrivateKeys } from "../../envelope/key_file.ts";
import { log } from "../../log.ts";
import { type QueryClaimOutcome, queryJob } from "../../tdql/query_job.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { publishMetrics } from "../metrics.ts";
import { runService, workerName } from "../service.ts";
import { answerOptions } from "./answer_options.ts";
import { inboxFamilies, ReportMetrics } from "./metrics.ts";

type Options = { readonly once?: boolean };

/** How often each end came. */
type Tally = Record<QueryClaimOutcome["status"], number>;

export function runCommand(context: Context): Command {
  return newCommand("run", "answer the queries that wait, until told to stop", [
    "report run          as a service: goes on until SIGTERM or SIGINT",
    "report run --once   answers what waits and ends",
  ])
    .option("--once", "end when nothing is left to do; exit code 1 if something must be retried")
    .action((options: Options) => run(context, options));
}

async function run(context: Context, { once = false }: Options): Promise<void> {
  const config = await context.config();
  const { privateKey, oldPrivateKeys, envelope: first, maxBytes } = config.archive;
  const keys = await loadPrivateKeys([privateKey, ...oldPrivateKeys], {
    warn: (text) => log.warn(text),
  });
  const { lease, parallel, maxAttempts, notifyHosts: hosts, notifyPorts: ports } = config.report;
  const tally: Tally = { ready: 0, failed: 0, lost: 0 };
  const metrics = new ReportMetrics();
  await using publication = await publishMetrics(context, {
    place: config.report.metrics,
    counted: () => metrics.families(),
  });
  const failures = await runService(context, {
    stores: ["inbox", "graph", "edges", "identity"],
    ...{ once, parallel, lease },
    begin: (stores, onError) => {
      log.info("Report started", { once, parallel, lease, keys: keys.length });
      publication.watch(async () =>
        inboxFamilies(await stores.inbox.status(nowSeconds()), nowSeconds())
      );
      return metrics.watched(queryJob({
        ...stores,
        ...answerOptions(stores, config),
        ...{ keys, first, maxBytes, lease, maxAttempts },
        notifying: { apiHost: config.api.host, hosts, ports },
        owner: workerName(),
        onEnd: (end) => {
          tellEnd(end);
          metrics.ended(end);
          tally[end.status]++;
        },
        onError,
      }));
    },
  });
  log.info("Report stopped", { ...tally });
  context.show(tally, () => `ready ${tally.ready}, failed ${tally.failed}, lost ${tally.lost}`);
  if (once && failures > 0) context.fail();
}

function tellEnd({ claim, status, report, error, notified, seconds }: QueryClaimOutcome): void {
  const fields = { query: claim.id, attempts: claim.attempts, seconds: seconds.toFixed(3) };
  if (status === "lost") log.warn("Lost the lease; another worker has the query", fields);
  else if (error !== undefined && !(error instanceof QueryError)) {
    log.error("Could not answer a query", { ...fields, error });
  } else log.debug("Answered", { ...fields, status, report: report._hash });
  if (notified?.sent === false) log.info("Told nobody", { ...fields, reason: notified.reason });
}
