import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { nowSeconds } from "../../clock.ts";
import type { ArchiveConfig } from "../../config.ts";
import type { PrivateKey, PublicKey } from "../../envelope/key.ts";
import { loadPublicKey } from "../../envelope/key_file.ts";
import { isPair } from "../../envelope/pair.ts";
import { ConfigError } from "../../errors.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";
import { archiveJob } from "../../lake/archive_job.ts";
import type { Outcome, SetAside } from "../../lake/lake.ts";
import { log } from "../../log.ts";
import { loadOpeningKeys } from "../opening_keys.ts";
import type { FilterResult } from "../../typetags/filter.ts";
import { FILTERS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { publishMetrics } from "../metrics.ts";
import { runService, workerName } from "../service.ts";
import { KeyUse, tryEarlier } from "./key_use.ts";
import { ArchiveMetrics, lakeFamilies } from "./metrics.ts";

/**
 * Batches worked on at the same time: one is decrypted while others are claimed, read or stored.
 */
const PARALLEL = 3;

type RunFlags = { readonly once?: true; readonly force?: true };

/** Number of entries by outcome, of those that kept their Raw, of their events, and of entries whose events were rejected. */
type OutcomeCounts = Record<Outcome["state"] | "events" | "rejectedEvents", number> & {
  /** Entries that could not be archived again; missing if there were none. */
  kept?: number;
};

export function runCommand(context: Context): Command {
  return newCommand("run", "archive what is waiting in the cache lake, until told to stop", [
    "archive run                 as a service, until SIGTERM or SIGINT",
    "archive run --once          only what is waiting now",
    "archive run --once --force  that, and all finished entries once more",
  ])
    .option("--once", "end when nothing is left to do; exit code 1 if something must be retried")
    .option("--force", "archive finished entries again, too")
    .action((flags: RunFlags) => run(context, flags));
}

async function run(context: Context, flags: RunFlags): Promise<void> {
  const once = flags.once === true;
  const config = await context.config();
  const { batch, lease } = config.archive;
  const publicKey = await loadPublicKey(config.archive.publicKey).catch(() => undefined);
  const keys = await loadOpeningKeys(config.archive);
  const fits = await fitTogether(keys[0], publicKey, config.archive);
  const keyUse = new KeyUse({
    isPair: fits,
    earlierUse: async () =>
      await tryEarlier(await context.stores("lake", "archive"), keys, config.archive.maxBytes),
  });
  const counts: OutcomeCounts = {
    SUCCESS: 0,
    NOT_SUPPORTED: 0,
    ERROR: 0,
    RETRY: 0,
    events: 0,
    rejectedEvents: 0,
  };
  const metrics = new ArchiveMetrics();
  await using publication = await publishMetrics(context, {
    target: config.archive.metrics,
    families: () => metrics.families(),
  });
  const onEnd = (ended: ClaimOutcome) => {
    logOutcome(ended);
    keyUse.record(ended);
    metrics.countOutcome(ended);
    if (!ended.lost) addOutcome(counts, ended);
  };
  const onSetAside = (entry: SetAside) => {
    logSetAside(entry);
    if (entry.kept) return;
    metrics.countSetAside();
    counts.ERROR++;
  };
  const failures = await runService(context, {
    stores: ["lake", "archive"],
    once,
    stop: keyUse.wrong,
    parallel: PARALLEL,
    lease,
    createJob: async ({ lake, archive }, onError) => {
      if (flags.force) log.info("Reopened finished entries", { entries: await lake.reopen({}) });
      log.info("Archive started", { once, batch, lease, keys: keys.length });
      publication.includeStore(async () =>
        lakeFamilies(await lake.status(nowSeconds()), nowSeconds())
      );
      const { archive: { envelope: first, filters, typetags, aliases, maxBytes, maxAttempts } } =
        config;
      return metrics.countJob(archiveJob({
        lake,
        archive,
        keys,
        first,
        typetags,
        aliases,
        filters: filters ? FILTERS : new Map(),
        maxBytes,
        maxAttempts,
        batch,
        lease,
        owner: workerName(),
        retryAfter: backoff,
        now: nowSeconds,
        onEnd,
        onSetAside,
        onError,
      }));
    },
  });
  log.info("Archive stopped", { ...counts });
  context.show(counts, () => formatCounts(counts));
  if (once && failures > 0) context.fail();
  const fault = once || keyUse.wrong.aborted ? await keyUse.fault() : undefined;
  if (fault !== undefined) throw new ConfigError([fault]);
}

/** Tells whether the keys are of one pair, and warns if not: what members seal could not be opened. */
async function fitTogether(
  current: PrivateKey,
  publicKey: PublicKey | undefined,
  { privateKey: privatePath, publicKey: publicPath }: ArchiveConfig,
): Promise<boolean | undefined> {
  if (publicKey === undefined) return undefined;
  if (await isPair(current, publicKey)) return true;
  log.warn(
    `${privatePath} does not open what ${publicPath} seals: use the two files of one pair`,
  );
  return false;
}

function logOutcome({ claim, outcome, filtered, error, kept, lost }: ClaimOutcome): void {
  const fields = { entry: claim.id, attempts: claim.attempts };
  if (lost) log.warn("Lost the lease; another worker has the entry", fields);
  else if (kept) log.warn("Cannot be archived again", { ...fields, ...outcome });
  else if (outcome.state === "SUCCESS") logArchived(fields, outcome, filtered);
  else {
    const cause = error instanceof Error ? error.cause : undefined;
    const message = outcome.state === "RETRY" ? "Will be tried again" : "Quarantined";
    log.warn(message, { ...fields, ...outcome, cause });
  }
}

function logSetAside({ id: entry, reason, kept }: SetAside): void {
  if (!kept) return log.warn("Quarantined", { entry, state: "ERROR", reason });
  log.error("Cannot be quarantined: repair or remove its document", { entry, reason });
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
    log.warn("Records rejected", { ...fields, records: 1 + others.length, first });
  }
  if (Object.keys(skipped).length > 0) log.info("Records skipped", { ...fields, ...skipped });
}

function addOutcome(counts: OutcomeCounts, { outcome, filtered, kept }: ClaimOutcome): void {
  if (kept) {
    counts.kept = (counts.kept ?? 0) + 1;
    return;
  }
  counts[outcome.state]++;
  if (outcome.state !== "SUCCESS") return;
  counts.events += filtered?.events.length ?? 0;
  if (outcome.events === "rejected") counts.rejectedEvents++;
}

function formatCounts(counts: OutcomeCounts): string {
  const { SUCCESS, NOT_SUPPORTED, ERROR, RETRY, kept = 0, events, rejectedEvents } = counts;
  return [
    `archived ${SUCCESS}`,
    `events ${events}`,
    ...(rejectedEvents > 0 ? [`without their events ${rejectedEvents}`] : []),
    ...(kept > 0 ? [`not archived again ${kept}`] : []),
    `not supported ${NOT_SUPPORTED}`,
    `rejected ${ERROR}`,
    `to be tried again ${RETRY}`,
  ].join(", ");
}
