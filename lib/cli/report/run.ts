import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { log } from "../../log.ts";
import { loadOpeningKeys } from "../opening_keys.ts";
import type { SetAsideQuery } from "../../tdql/inbox.ts";
import { type QueryClaimOutcome, queryJob } from "../../tdql/query_job.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { publishMetrics } from "../metrics.ts";
import { runService, workerName } from "../service.ts";
import { answerOptions } from "./answer_options.ts";
import { inboxFamilies, ReportMetrics } from "./metrics.ts";
import { commandMemory, serviceMemory } from "./rank_memory.ts";

type RunFlags = { readonly once?: boolean };

/** Number of queries by how they ended. */
type StatusCounts = Record<QueryClaimOutcome["status"], number>;

export function runCommand(context: Context): Command {
  return newCommand("run", "answer the queries that are waiting, until told to stop", [
    "report run          as a service, until SIGTERM or SIGINT",
    "report run --once   only what is waiting now",
  ])
    .option("--once", "end when nothing is left to do; exit code 1 if something must be retried")
    .action((flags: RunFlags) => run(context, flags));
}

async function run(context: Context, { once = false }: RunFlags): Promise<void> {
  const config = await context.config();
  const { envelope: first, maxBytes } = config.archive;
  const keys = await loadOpeningKeys(config.archive);
  const { lease, parallel, maxAttempts, notifyHosts: hosts, notifyPorts: ports } = config.report;
  const counts: StatusCounts = { ready: 0, failed: 0, lost: 0 };
  const metrics = new ReportMetrics();
  await using publication = await publishMetrics(context, {
    target: config.report.metrics,
    families: () => metrics.families(),
  });
  await using kept = new AsyncDisposableStack();
  const failures = await runService(context, {
    stores: ["inbox", "graph", "edges", "identity"],
    once,
    parallel,
    lease,
    createJob: (stores, onError) => {
      log.info("Report started", { once, parallel, lease, keys: keys.length });
      publication.includeStore(async () =>
        inboxFamilies(await stores.inbox.status(nowSeconds()), nowSeconds())
      );
      const memory = once
        ? commandMemory(stores, config)
        : kept.use(serviceMemory(stores, config))?.memory;
      return metrics.countJob(queryJob({
        ...answerOptions(stores, config),
        ...(memory && { memory }),
        inbox: stores.inbox,
        keys,
        first,
        maxBytes,
        lease,
        maxAttempts,
        notifyOptions: { apiHost: config.api.host, hosts, ports },
        owner: workerName(),
        onEnd: (outcome) => {
          logOutcome(outcome);
          metrics.countOutcome(outcome);
          counts[outcome.status]++;
        },
        onSetAside: logSetAside,
        onError,
      }));
    },
  });
  log.info("Report stopped", { ...counts });
  context.show(counts, () => `ready ${counts.ready}, failed ${counts.failed}, lost ${counts.lost}`);
  if (once && failures > 0) context.fail();
}

function logSetAside({ id: query, reason, kept }: SetAsideQuery): void {
  if (!kept) return log.warn("Quarantined: no report can be tied to it", { query, reason });
  log.error("Cannot be quarantined: repair or remove its document", { query, reason });
}

function logOutcome({ claim, status, report, error, notified, seconds }: QueryClaimOutcome): void {
  const fields = { query: claim.id, attempts: claim.attempts, seconds: seconds.toFixed(3) };
  if (status === "lost") log.warn("Lost the lease; another worker has the query", fields);
  else if (claim.fault !== undefined) {
    log.warn("Failed: its document is damaged", { ...fields, reason: claim.fault.reason });
  } else if (error !== undefined && !(error instanceof QueryError)) {
    log.error("Cannot answer a query", { ...fields, error });
  } else log.debug("Answered", { ...fields, status, report: report._hash });
  if (notified?.sent === false) {
    log.info("Caller not notified", { ...fields, reason: notified.reason });
  }
}
