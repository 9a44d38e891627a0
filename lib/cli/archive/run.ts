import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { nowSeconds } from "../../clock.ts";
import { loadPrivateKeys } from "../../envelope/key_file.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";
import { archiveJob } from "../../lake/archive_job.ts";
import type { Outcome } from "../../lake/lake.ts";
import { log } from "../../log.ts";
import type { FilterResult } from "../../typetags/filter.ts";
import { filters } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { publishMetrics } from "../metrics.ts";
import { runService, workerName } from "../service.ts";
import { ArchiveMetrics, lakeFamilies } from "./metrics.ts";

/** Batches worked on at once: while one is decrypted, another is claimed, read or stored. */
const PARALLEL = 3;

type Options = { readonly once?: true; readonly force?: true };

/** How often each outcome came, what the archived uploads became, and whose events were rejected. */
type Tally = Record<Outcome["state"] | "events" | "rejectedEvents", number>;

export function runCommand(context: Context): Command {
  return newCommand("run", "archive what waits in the cache lake, until told to stop", [
    "archive run                 as a service: goes on until SIGTERM or SIGINT",
    "archive run --once          archives what is there and ends",
    "archive run --once --force  does all finished entries once more, too",
  ])
    .option("--once", "end when nothing is left to do; exit code 1 if something must be retried")
    .option("--force", "take entries that are finished already, too")
    .action((options: Options) => run(context, options));
}

async function run(context: Context, options: Options): Promise<void> {
  const { once = false, force = false } = options;
  const config = await context.config();
  const { privateKey, oldPrivateKeys } = config.archive;
  const keys = await loadPrivateKeys([privateKey, ...oldPrivateKeys], {
    warn: (text) => log.warn(text),
  });
  const { typetags, maxBytes, maxAttempts, envelope: first, batch, lease } = config.archive;
  const tally: Tally = {
    ...{ SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0, RETRY: 0 },
    ...{ events: 0, rejectedEvents: 0 },
  };
  const metrics = new ArchiveMetrics();
  await using publication = await publishMetrics(context, {
    place: config.archive.metrics,
    counted: () => metrics.families(),
  });
  const failures = await runService(context, {
    stores: ["lake", "archive"],
    ...{ once, parallel: PARALLEL, lease },
    begin: async (stores, onError) => {
      if (force) log.info("Reopened finished entries", { entries: await stores.lake.reopen({}) });
      log.info("Archive started", { once, batch, lease, keys: keys.length });
      publication.watch(async () =>
        lakeFamilies(await stores.lake.status(nowSeconds()), nowSeconds())
      );
      return metrics.watched(archiveJob({
        ...stores,
        ...{ keys, first, typetags, maxBytes, maxAttempts, batch, lease, now: nowSeconds },
        filters: config.archive.filters ? filters : new Map(),
        owner: workerName(),
        retryAfter: backoff,
        onEnd: (ended) => {
          logOutcome(ended);
          metrics.ended(ended);
          if (!ended.lost) count(tally, ended);
        },
        onError,
      }));
    },
  });
  log.info("Archive stopped", { ...tally });
  context.show(tally, () => tallyText(tally));
  if (once && failures > 0) context.fail();
}

function logOutcome({ claim, outcome, filtered, error, lost }: ClaimOutcome): void {
  const fields = { entry: claim.id, attempts: claim.attempts };
  if (lost) log.warn("Lost the lease; another worker has the entry", fields);
  else if (outcome.state === "SUCCESS") logArchived(fields, outcome, filtered);
  else {
    const cause = error instanceof Error ? error.cause : undefined;
    const what = outcome.state === "RETRY" ? "To be tried again" : "Quarantined";
    log.warn(what, { ...fields, ...outcome, cause });
  }
}

function logArchived(
  fields: { readonly entry: string },
  { ref, reason }: Extract<Outcome, { readonly state: "SUCCESS" }>,
  filtered: FilterResult | undefined,
): void {
  const events = filtered?.events.length;
  log.debug("Archived", { ...fields, raw: ref, ...(events !== undefined && { events }) });
  if (reason !== undefined) log.warn("Archived without its events", { ...fields, reason });
  if (filtered === undefined) return;
  const { rejected: [first, ...others], skipped } = filtered;
  if (first !== undefined) {
    log.warn("Records without events", { ...fields, records: 1 + others.length, first });
  }
  if (Object.keys(skipped).length > 0) log.info("Passed over", { ...fields, ...skipped });
}

function count(tally: Tally, { outcome, filtered }: ClaimOutcome): void {
  tally[outcome.state]++;
  if (outcome.state !== "SUCCESS") return;
  tally.events += filtered?.events.length ?? 0;
  if (outcome.events === "rejected") tally.rejectedEvents++;
}

function tallyText(tally: Tally): string {
  const { SUCCESS, NOT_SUPPORTED, ERROR, RETRY, events, rejectedEvents } = tally;
  return [
    `archived ${SUCCESS}`,
    `events ${events}`,
    ...(rejectedEvents > 0 ? [`without their events ${rejectedEvents}`] : []),
    `not supported ${NOT_SUPPORTED}`,
    `rejected ${ERROR}`,
    `to be tried again ${RETRY}`,
  ].join(", ");
}
