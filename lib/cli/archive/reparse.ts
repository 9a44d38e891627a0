import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { DamagedInstance } from "../../errors.ts";
import { reparse, type Reparsed, type ReparseOptions } from "../../lake/reparse.ts";
import { log } from "../../log.ts";
import type { Event, Hash, Raw } from "../../tahoe/instance.ts";
import type { Filter } from "../../typetags/filter.ts";
import { FILTERS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import { counted } from "../../counted.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import { readHash, readTime } from "./flag_values.ts";
import { suggestTypetag } from "../../lake/suggest_typetag.ts";

type ReparseFlags = { readonly since?: number; readonly after?: Hash; readonly dryRun?: boolean };

/** Most differences that a dry run shows. */
const MAX_DIFFERENCES = 50;

/** Steps of the progress bar. */
const STEPS = 1000;

/** What became of all Raws together. */
type ReparseTotals = {
  raws: number;
  come: number;
  go: number;
  stay: number;
  rejected: number;
  elsewhere: number;
  /** Last Raw that was reparsed. */
  last: Hash | null;
};

export function reparseCommand(context: Context): Command {
  return newCommand("reparse", "make the events of stored Raws again, after a filter was fixed", [
    "archive reparse cowrie --dry-run        which events would come and go",
    "archive reparse cowrie --since 2026-01-31",
  ])
    .argument("<typetag>", `type whose filter to run: ${[...FILTERS.keys()].join(", ")}`)
    .option("--since <time>", "only Raws that were sent since then", readTime)
    .option(
      "--after <hash>",
      "only Raws after this one, to continue where a run was stopped",
      readHash,
    )
    .option("--dry-run", "show what would change, and change nothing")
    .action(async (type: string, flags: ReparseFlags, command: Command) => {
      const { archive } = await context.config();
      const typetag = archive.aliases.get(type) ?? type;
      const filter = FILTERS.get(typetag);
      if (filter === undefined) {
        const meant = suggestTypetag(type, archive);
        const advice = meant === undefined
          ? `Give one of ${[...FILTERS.keys()].join(", ")}`
          : `Did you mean ${meant}?`;
        command.error(`error: no filter reads ${typetag}. ${advice}`, { exitCode: 2 });
      }
      return reparseAll(context, { typetag, filter }, flags);
    });
}

async function reparseAll(
  context: Context,
  { typetag, filter }: { readonly typetag: string; readonly filter: Filter },
  { since = -Infinity, after, dryRun = false }: ReparseFlags,
): Promise<void> {
  // A dry run leaves nothing half done: a signal ends it at once, within the longest filter, too.
  const signal = dryRun ? new AbortController().signal : context.stopSignal();
  const { archive, lake } = await context.stores("archive", "lake");
  const totals: ReparseTotals = {
    raws: 0,
    come: 0,
    go: 0,
    stay: 0,
    rejected: 0,
    elsewhere: 0,
    last: after ?? null,
  };
  const differences: string[][] = [];
  const bar = startProgress(`Reparsing ${typetag}`, STEPS);
  let done = 0;
  try {
    for await (const raw of archive.raws(typetag, after)) {
      if (signal.aborted) break;
      if (wasSentSince(raw, since)) {
        const reparsed = await reparseOne(raw, { archive, filter, dryRun, now: nowSeconds() });
        if (reparsed === undefined) context.fail();
        else {
          if (!dryRun && wasRejected(raw) && reparsed.rejected === undefined) {
            await lake.noteEventsMade([raw._hash]);
          }
          addTo(totals, reparsed);
          const room = MAX_DIFFERENCES - differences.length;
          if (room > 0) differences.push(...differenceRows(reparsed).slice(0, room));
        }
      }
      totals.last = raw._hash;
      bar.add(stepOf(raw._hash) - done);
      done = stepOf(raw._hash);
    }
  } finally {
    bar.stop();
    context.show({ ...totals, dryRun }, () => formatTotals(totals, differences, dryRun));
  }
  if (!signal.aborted) return;
  context.fail();
  log.warn(`Stopped. Continue with: archive reparse ${typetag} --after ${totals.last}`);
}

/** Reparses a Raw; undefined, and says so, if something that keeps one from it cannot be read. */
async function reparseOne(raw: Raw, options: ReparseOptions): Promise<Reparsed | undefined> {
  try {
    return await reparse(raw, options);
  } catch (error) {
    if (!(error instanceof DamagedInstance)) throw error;
    log.error("Left unchanged: what belongs to it is damaged", {
      raw: raw._hash,
      reason: error.message,
    });
    return undefined;
  }
}

/** Position of a hash among all possible ones, which are evenly spread: the progress so far. */
function stepOf(hash: Hash): number {
  return Math.floor(STEPS * Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32);
}

/**
 * Tells whether a Raw was sent since then. Those of the existing system, which do not say when,
 * count.
 */
function wasSentSince({ _sources = [] }: Raw, since: number): boolean {
  return _sources.length === 0 || _sources.some(({ timestamp }) => timestamp >= since);
}

/** Tells whether events of any upload of a Raw were rejected. */
function wasRejected({ _sources = [] }: Raw): boolean {
  return _sources.some(({ events }) => events === "rejected");
}

function addTo(
  totals: ReparseTotals,
  { raw, come, go, stay, rejected, elsewhere }: Reparsed,
): void {
  totals.raws++;
  totals.come += come.length;
  totals.go += go.length;
  totals.stay += stay;
  if (elsewhere) totals.elsewhere++;
  if (rejected === undefined) return;
  totals.rejected++;
  log.warn("Left unchanged: the filter rejects it", { raw, reason: rejected });
}

function differenceRows({ raw, come, go }: Reparsed): string[][] {
  const row = (what: string) => ({ sub_type, timestamp, _hash }: Event) => [
    what,
    sub_type,
    formatTime(timestamp),
    _hash,
    raw,
  ];
  return [...come.map(row("comes")), ...go.map(row("goes"))];
}

function formatTotals(
  totals: ReparseTotals,
  differences: readonly string[][],
  dryRun: boolean,
): string {
  const { raws, come, go, stay, rejected, elsewhere } = totals;
  const would = dryRun ? "would " : "";
  const lines = [
    `${counted(raws, "Raw")}: ${
      counted(come, "event")
    } ${would}come, ${go} ${would}go, ${stay} stay`,
    ...(rejected > 0
      ? [
        `${counted(rejected, "Raw")} left unchanged: the filter rejects ${
          rejected === 1 ? "it" : "them"
        }`,
      ]
      : []),
    ...(elsewhere > 0
      ? [
        `${counted(elsewhere, "Raw")} left to the analytics module, which has read ${
          elsewhere === 1 ? "it" : "them"
        }`,
      ]
      : []),
  ];
  if (!dryRun || differences.length === 0) return lines.join("\n");
  const rows = differences.slice(0, MAX_DIFFERENCES);
  if (come + go > MAX_DIFFERENCES) lines.push(`The first ${MAX_DIFFERENCES} differences:`);
  return `${lines.join("\n")}\n\n${table(["", "event", "time", "hash", "Raw"], rows)}`;
}
